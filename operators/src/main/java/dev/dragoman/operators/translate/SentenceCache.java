package dev.dragoman.operators.translate;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What sentences became on one way, for all threads of this JVM: mails end alike, tickets repeat
 * themselves. The ones used longest ago go first.
 */
final class SentenceCache implements AutoCloseable {
  private static final int MOST_CHARACTERS = 8 << 20;

  private final Map<Way.Sentence, Way.Rendering> known = new LinkedHashMap<>(256, 0.75f, true);
  private long characters;

  synchronized Optional<Way.Rendering> find(Way.Sentence sentence) {
    return Optional.ofNullable(known.get(sentence));
  }

  synchronized void add(Way.Sentence sentence, Way.Rendering rendering) {
    if (known.put(sentence, rendering) == null) {
      characters += size(sentence, rendering);
    }
    var oldest = known.entrySet().iterator();
    while (characters > MOST_CHARACTERS && oldest.hasNext()) {
      Map.Entry<Way.Sentence, Way.Rendering> gone = oldest.next();
      oldest.remove();
      characters -= size(gone.getKey(), gone.getValue());
    }
  }

  private static long size(Way.Sentence sentence, Way.Rendering rendering) {
    return 200L + sentence.text().length() + rendering.text().length();
  }

  @Override
  public synchronized void close() {
    known.clear();
    characters = 0;
  }
}
