package dev.dragoman.tests.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every command that a page shows in a block marked {@code sh} is run, on what the main job wrote.
 * Blocks without the mark show commands that need something a test has not, such as a cluster.
 */
class DocsTest {
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh\\n(.*?)^```");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");
  private static final Pattern PIPED =
      Pattern.compile("echo (['\"])(.*?)\\1 \\| (\\./dragoman .*)");
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");
  private static final String MAIN_JOB = "./dragoman enrich samples --out out";

  /** What needs a cluster is run by {@link ClusterTest} and {@link RunnersAgreeTest}. */
  private static final Pattern ON_A_CLUSTER = Pattern.compile("--runner [\\w.]+:\\d+");

  record Shown(String page, String command) {
    @Override
    public String toString() {
      return page + ": " + command;
    }
  }

  private static List<Path> pages() {
    Path root = Cli.repository();
    try (Stream<Path> docs = Files.walk(root.resolve("docs"))) {
      return Stream.concat(
              Stream.of(root.resolve("README.md"), root.resolve("CONTRIBUTING.md")),
              docs.filter(file -> file.toString().endsWith(".md")).sorted())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Shown> commands() throws IOException {
    List<Shown> shown = new ArrayList<>();
    for (Path page : pages()) {
      Matcher blocks = BLOCK.matcher(Files.readString(page));
      while (blocks.find()) {
        for (String line : blocks.group(1).split("\n")) {
          if (line.contains("./dragoman")
              && !line.equals(MAIN_JOB)
              && !ON_A_CLUSTER.matcher(line).find()) {
            shown.add(new Shown(Cli.repository().relativize(page).toString(), line));
          }
        }
      }
    }
    return shown;
  }

  @Test
  void theReadmeStartsWithTheMainJobAndTheTests() throws IOException {
    Matcher blocks = BLOCK.matcher(Files.readString(Cli.repository().resolve("README.md")));
    assertThat(blocks.find()).isTrue();
    assertThat(blocks.group(1)).isEqualTo(MAIN_JOB + "\n");
    assertThat(blocks.find()).isTrue();
    assertThat(blocks.group(1)).isEqualTo("mvn verify\n");
    assertThat(commands()).hasSizeGreaterThan(8);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("commands")
  void aCommandThatIsShownWorks(Shown shown) {
    Cli cli = Cli.dragoman();
    String command = shown.command();
    Matcher piped = PIPED.matcher(command);
    if (piped.matches()) {
      cli.reading(piped.group(2) + "\n");
      command = piped.group(3);
    }
    String out = SampleRun.get().out().toString();
    List<String> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(command);
    while (matcher.find()) {
      String word =
          matcher.group(1) != null
              ? matcher.group(1)
              : matcher.group(2) != null ? matcher.group(2) : matcher.group(3);
      words.add(word.equals("out") ? out : word);
    }
    assertThat(words.removeFirst()).isEqualTo("./dragoman");
    Cli.Result result = cli.run(words.toArray(String[]::new));
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).isNotBlank();
  }

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    for (Path page : pages()) {
      Matcher links = LINK.matcher(Files.readString(page));
      while (links.find()) {
        Path target = page.resolveSibling(links.group(1)).normalize();
        assertThat(target).as("link in " + page).exists();
      }
    }
  }
}
