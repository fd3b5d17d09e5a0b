package dev.dragoman.connectors.kafka;

import java.io.Serializable;
import java.util.Map;

/**
 * Where messages go.
 *
 * @param group how the consumer groups begin under which it is kept how far each shard has come
 */
record Target(String servers, String topic, String group, Map<String, String> properties)
    implements Serializable {
  private static final long serialVersionUID = 1;
}
