package dev.dragoman.connectors.kafka;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How large a message a topic takes. */
final class TopicLimit {
  private static final Logger LOG = LoggerFactory.getLogger(TopicLimit.class);

  /** What brokers allow unless they are told otherwise. */
  private static final int USUAL = 1_048_588;

  private TopicLimit() {}

  /** Asks the broker; where it will not say, the limit brokers usually have. */
  static int of(Target target) {
    ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, target.topic());
    try (Admin admin = KafkaClients.admin(target.servers(), target.properties())) {
      Map<ConfigResource, Config> found =
          admin.describeConfigs(List.of(topic)).all().get(20, TimeUnit.SECONDS);
      Config config = found.get(topic);
      ConfigEntry entry = config == null ? null : config.get("max.message.bytes");
      return entry == null ? USUAL : Integer.parseInt(entry.value());
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn(
          "the limit of topic {} is not known, takes {} bytes: {}",
          target.topic(),
          USUAL,
          String.valueOf(e.getMessage()));
      return USUAL;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return USUAL;
    }
  }
}
