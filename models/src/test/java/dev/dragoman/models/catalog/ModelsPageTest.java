package dev.dragoman.models.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class ModelsPageTest {
  @Test
  void theTableOfThePageIsTheCatalog() throws IOException {
    Path here = Path.of("").toAbsolutePath();
    Path root = Files.exists(here.resolve("docs/models.md")) ? here : here.resolve("..");
    String page = Files.readString(root.resolve("docs/models.md"));

    assertThat(between(page, "<!-- made from the catalog; ModelsPageTest keeps it equal -->\n"))
        .isEqualTo(pinned());
    assertThat(between(page, "<!-- made from the models of the hub in the catalog -->\n"))
        .isEqualTo(hub());
  }

  private static String between(String page, String begin) {
    int from = page.indexOf(begin) + begin.length();
    return page.substring(from, page.indexOf("<!-- end -->", from));
  }

  private static String hub() {
    StringBuilder table =
        new StringBuilder(
            """
            | name | what it is good for | task | languages | steps | licence | repository |
            | --- | --- | --- | --- | --- | --- | --- |
            """);
    for (CatalogEntry entry : ModelCatalog.builtIn().entries()) {
      if (!entry.pinned()) {
        table.append(
            "| `%s` | %s | %s | %s | %s | [%s](%s) | %s |\n"
                .formatted(
                    entry.name(),
                    entry.summary(),
                    entry.task().label(),
                    String.join(", ", entry.languages()),
                    entry.usable() ? String.join(", ", entry.operators()) : "none yet",
                    entry.licence().id(),
                    entry.licence().url(),
                    entry.repository()));
      }
    }
    return table.toString();
  }

  private static String pinned() {
    StringBuilder table =
        new StringBuilder(
            """
            | name | what it is good for | task | languages | steps | MB | licence | sources |
            | --- | --- | --- | --- | --- | --- | --- | --- |
            """);
    for (CatalogEntry entry : ModelCatalog.builtIn().entries()) {
      if (!entry.pinned()) {
        continue;
      }
      table.append(
          "| `%s` | %s | %s | %s | %s | %s | [%s](%s) | %s |\n"
              .formatted(
                  entry.name(),
                  entry.summary(),
                  entry.task().label(),
                  String.join(", ", entry.languages()),
                  entry.usable() ? String.join(", ", entry.operators()) : "none yet",
                  String.format(Locale.ROOT, "%.1f", entry.size() / 1e6),
                  entry.licence().id(),
                  entry.licence().url(),
                  "`" + String.join("`, `", entry.places()) + "`"));
    }
    return table.toString();
  }
}
