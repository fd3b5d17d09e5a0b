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
    String table =
        page.substring(page.indexOf("keeps it equal -->\n") + 19, page.indexOf("<!-- end -->"));

    assertThat(table).isEqualTo(table());
  }

  private static String table() {
    StringBuilder table =
        new StringBuilder(
            """
            | name | what it is good for | task | languages | steps | MB | licence | sources |
            | --- | --- | --- | --- | --- | --- | --- | --- |
            """);
    for (CatalogEntry entry : ModelCatalog.builtIn().entries()) {
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
