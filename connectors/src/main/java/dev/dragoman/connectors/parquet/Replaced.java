package dev.dragoman.connectors.parquet;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which files of a table's folder a compacted file stands for. A hidden list beside a compacted
 * file names them; the list counts from the moment the compacted file is there, so that one rename
 * puts it in the place of all of them at once, for readers that ask here.
 */
final class Replaced {
  /** How the name of a list begins; the name of its compacted file follows. */
  static final String LIST = ".replaced-";

  private static final String PARQUET = ".parquet";

  private Replaced() {}

  /** The files of a table that hold its rows, each row once. */
  static List<Path> visible(Path place) throws IOException {
    Set<String> names = settled(place);
    Set<String> gone = new HashSet<>();
    for (Map.Entry<String, Set<String>> list : lists(place, names).entrySet()) {
      if (names.contains(list.getKey())) {
        gone.addAll(list.getValue());
      }
    }
    return names.stream()
        .filter(name -> name.endsWith(PARQUET) && !name.startsWith(".") && !gone.contains(name))
        .sorted()
        .map(place::resolve)
        .toList();
  }

  /** What each list names, by the compacted file that it belongs to. */
  static Map<String, Set<String>> lists(Path place, Set<String> names) throws IOException {
    Map<String, Set<String>> lists = new HashMap<>();
    for (String name : names) {
      if (name.startsWith(LIST)) {
        try {
          lists.put(
              name.substring(LIST.length()),
              Set.copyOf(Files.readAllLines(place.resolve(name), UTF_8)));
        } catch (NoSuchFileException _) {
          // A compaction that did not come to its end was taken back.
        }
      }
    }
    return lists;
  }

  /** The names in the folder; asked until nothing moves, since a listing is not one moment. */
  private static Set<String> settled(Path place) throws IOException {
    Set<String> names = names(place);
    while (true) {
      Set<String> again = names(place);
      if (again.equals(names)) {
        return again;
      }
      names = again;
    }
  }

  static Set<String> names(Path place) throws IOException {
    if (!Files.isDirectory(place)) {
      return Set.of();
    }
    try (Stream<Path> files = Files.list(place)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(PARQUET) || name.startsWith(LIST))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }
}
