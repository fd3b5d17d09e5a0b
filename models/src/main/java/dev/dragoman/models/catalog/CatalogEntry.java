package dev.dragoman.models.catalog;

import dev.dragoman.models.MissingModelException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
 * @param repository {@code ORG/NAME} on the hub if its files are pinned when it is pulled; null if
 *     the catalog pins them
 * @param files all of it; none if it is still to be pinned
 */
public record CatalogEntry(
    String name,
    ModelTask task,
    String summary,
    List<String> languages,
    List<String> operators,
    Map<String, String> prompts,
    Licence licence,
    @Nullable String repository,
    List<ModelFile> files) {
  public CatalogEntry {
    languages = List.copyOf(languages);
    operators = List.copyOf(operators);
    prompts = Map.copyOf(prompts);
    files = List.copyOf(files);
  }

  /** The same with these files. */
  CatalogEntry with(List<ModelFile> others) {
    return new CatalogEntry(
        name, task, summary, languages, operators, prompts, licence, repository, others);
  }

  /** Whether it is known which bytes it has. */
  public boolean pinned() {
    return !files.isEmpty();
  }

  /**
   * How to do without a pull where the hub is not reached; empty for a model that the catalog pins,
   * which has other sources.
   */
  public String byHand() {
    return repository == null
        ? ""
        : ("where the hub is not reached, bring config.json, the tokenizer's files and the weights of"
                + " %s into models/%s of DRAGOMAN_HOME, or into a folder that you name in place of"
                + " %s")
            .formatted(repository, name, name);
  }

  /** Says that it is not installed, and how to get it. */
  public MissingModelException missing() {
    return new MissingModelException(name, byHand());
  }

  /** Bytes of all files; 0 if it is still to be pinned. */
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
    if (repository != null) {
      places.add("hf:" + repository);
    }
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
