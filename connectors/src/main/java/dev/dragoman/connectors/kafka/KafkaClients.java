package dev.dragoman.connectors.kafka;

import dev.dragoman.operators.config.ConfigException;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What all that talks to brokers has in common. */
final class KafkaClients {
  private static final Pattern SERVER = Pattern.compile("\\S+:\\d{1,5}");
  private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,249}");

  private KafkaClients() {}

  static void checkServers(String step, String servers) {
    for (String server : servers.split(",", -1)) {
      if (!SERVER.matcher(server.strip()).matches()) {
        throw new ConfigException(
            "bootstrap_servers",
            step
                + ".bootstrap_servers must be HOST:PORT, several with commas, not '"
                + servers
                + "'");
      }
    }
  }

  static void checkTopic(String step, String key, String topic) {
    if (!TOPIC.matcher(topic).matches()) {
      throw new ConfigException(
          key,
          step
              + "."
              + key
              + ": '"
              + topic
              + "' is no name of a topic; it may hold letters, digits, '.', '_' and '-'");
    }
  }

  static Admin admin(String servers, Map<String, String> properties) {
    Map<String, Object> all = new HashMap<>(properties);
    all.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, servers);
    return Admin.create(all);
  }

  /** A consumer that sees what is committed and commits nothing by itself. */
  static KafkaConsumer<byte[], byte[]> consumer(
      String servers, Map<String, String> properties, String group) {
    Map<String, Object> all = new HashMap<>(properties);
    all.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, servers);
    all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    all.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    return new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }
}
