package dev.dragoman.models.catalog;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A model that can be pulled by name.
 *
 * @param name lower case, as given to {@code model pull}
 * @param task what it does
 * @param summary what it is good for, one sentence
 * @param languages ISO 639-1 codes, or {@code multilingual}
 * @param operators the recipe steps that can use it; none: it can be pulled and verified only
 * @param prompts what is put before a text, by what the text is, where the model was trained that
 *     way: {@code query} for what is looked for, {@code passage} for what is looked through
 * @param licence its terms
 * @param files all of it
 */
public record CatalogEntry(
    String name,
    ModelTask task,
    String summary,
    List<String> languages,
    List<String> operators,
    Map<String, String> prompts,
    Licence licence,
    List<ModelFile> files) {
  public CatalogEntry {
    languages = List.copyOf(languages);
    operators = List.copyOf(operators);
    prompts = Map.copyOf(prompts);
    files = List.copyOf(files);
  }

  /** Bytes of all files. */
  public long size() {
    return files.stream().mapToLong(ModelFile::size).sum();
  }

  /** Whether a step of a recipe can use it. */
  public boolean usable() {
    return !operators.isEmpty();
  }

  /** Where it comes from, without the files' names: each place once, in the order of trying. */
  public Set<String> places() {
    Set<String> places = new LinkedHashSet<>();
    for (ModelFile file : files) {
      for (Source source : file.sources()) {
        for (Location location : source.locations()) {
          places.add(
              switch (location) {
                case Location.Hub hub -> "hf:" + hub.model();
                case Location.Maven maven -> "maven:" + maven.coordinates();
                case Location.Pypi pypi -> "pypi:" + pypi.requirement();
                case Location.Npm npm -> "npm:" + npm.specifier();
                case Location.Web web -> web.uri().getScheme() + "://" + web.uri().getHost();
                case Location.Local local -> local.toString();
              });
        }
      }
    }
    return places;
  }
}
