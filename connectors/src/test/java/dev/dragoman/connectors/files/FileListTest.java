package dev.dragoman.connectors.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dragoman.connectors.UsageException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileListTest {
  @TempDir Path folder;

  @BeforeAll
  static void findFileSystems() {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
  }

  @BeforeEach
  void someFiles() throws IOException {
    write("a.txt", "a");
    write("b.pdf", "bb");
    write("mail/c.eml", "ccc");
    write("mail/deep/er/d.txt", "dddd");
    write(".hidden", "x");
    write(".git/config", "x");
    write("mail/.DS_Store", "x");
    write("mail/Thumbs.db", "x");
    write("__MACOSX/a.txt", "x");
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private List<String> find(String... paths) throws IOException {
    return names(FileList.find(List.of(paths), List.of()));
  }

  private List<String> names(FileList list) {
    return list.files().stream()
        .map(found -> folder.relativize(Path.of(found.uri())).toString())
        .toList();
  }

  @Test
  void folderMeansEverythingBelowItThatIsNotHidden() throws IOException {
    FileList list = FileList.find(List.of(folder.toString()), List.of());

    assertThat(names(list)).containsExactly("a.txt", "b.pdf", "mail/c.eml", "mail/deep/er/d.txt");
    assertThat(list.bytes()).isEqualTo(10);
    assertThat(list.files().getFirst().uri().toString()).startsWith("file:///");
  }

  @Test
  void hiddenFileNamedOutrightIsRead() throws IOException {
    assertThat(find(folder + "/.hidden")).containsExactly(".hidden");
    assertThat(find(folder + "/.git/*")).containsExactly(".git/config");
  }

  @Test
  void globsMatchAsShellsDo() throws IOException {
    assertThat(find(folder + "/*.txt")).containsExactly("a.txt");
    assertThat(find(folder + "/**/*.txt")).containsExactly("a.txt", "mail/deep/er/d.txt");
    assertThat(find(folder + "/mail/**/d.txt")).containsExactly("mail/deep/er/d.txt");
    assertThat(find(folder + "/mail/**/c.eml")).containsExactly("mail/c.eml");
    assertThat(find(folder + "/**")).hasSize(4);
    assertThat(find(folder + "/{a,b}.*")).containsExactly("a.txt", "b.pdf");
    assertThat(find(folder + "/[ab].t?t")).containsExactly("a.txt");
  }

  @Test
  void fileNamedLikeAGlobIsItself() throws IOException {
    write("[a].txt", "x");
    write("100% #1 é?.txt", "x");

    assertThat(find(folder + "/[a].txt")).containsExactly("[a].txt");
    assertThat(find(folder + "/100% #1 é?.txt")).containsExactly("100% #1 é?.txt");
  }

  @Test
  void fileIsListedOnceHoweverOftenItIsNamed() throws IOException {
    assertThat(
            find(
                folder + "/a.txt",
                folder + "/mail/../a.txt",
                folder + "/*.txt",
                folder.resolve("a.txt").toUri().toString(),
                "file:" + folder + "/a.txt"))
        .containsExactly("a.txt");
  }

  @Test
  void fileAddressesMayBeGlobsAndMayBeEncoded() throws IOException {
    write("met spatie.txt", "x");

    assertThat(find("file://" + folder + "/**/c.*")).containsExactly("mail/c.eml");
    assertThat(find("file://" + folder + "/met%20spatie.txt")).containsExactly("met spatie.txt");
  }

  @Test
  void pathThatStandsForNothingIsTold() {
    assertThatThrownBy(() -> find(folder + "/a.txt", folder + "/*.docx"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("no file matches " + folder + "/*.docx");
    assertThatThrownBy(() -> find(folder + "/nope"))
        .isInstanceOf(UsageException.class)
        .hasMessage("there is no file or folder " + folder + "/nope");
    assertThatThrownBy(() -> find(folder + "/.git/../__MACOSX/../nope/**"))
        .isInstanceOf(UsageException.class);
    assertThatThrownBy(() -> find("")).isInstanceOf(UsageException.class);
    assertThatThrownBy(() -> find()).isInstanceOf(UsageException.class);
    assertThatThrownBy(() -> find("a\0b")).isInstanceOf(UsageException.class);
    assertThatThrownBy(() -> find(folder + "/[a")).isInstanceOf(UsageException.class);
  }

  @Test
  void folderWithNothingInItIsTold() throws IOException {
    Files.createDirectories(folder.resolve("empty"));
    assertThatThrownBy(() -> find(folder + "/empty"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("there is no file in");
  }

  @Test
  void linksAreFollowedButNotInCircles() throws IOException {
    Files.createSymbolicLink(folder.resolve("mail/deep/up"), folder);
    Files.createSymbolicLink(folder.resolve("link.txt"), folder.resolve("a.txt"));
    Files.createSymbolicLink(folder.resolve("self"), folder.resolve("self"));

    assertThat(find(folder.toString()))
        .contains("link.txt", "a.txt", "mail/deep/er/d.txt")
        .hasSizeLessThan(8);
  }

  @Test
  void brokenLinkIsListedWithItsProblem() throws IOException {
    Files.createSymbolicLink(folder.resolve("gone.txt"), folder.resolve("nowhere"));

    assertThat(FileList.find(List.of(folder.toString()), List.of()).files())
        .filteredOn(found -> !found.problem().isEmpty())
        .singleElement()
        .satisfies(found -> assertThat(found.uri().toString()).endsWith("/gone.txt"));
  }

  @Test
  void folderThatIsWrittenToIsNotRead() throws IOException {
    assertThat(names(FileList.find(List.of(folder.toString()), List.of(folder.resolve("mail")))))
        .containsExactly("a.txt", "b.pdf");
  }

  @Test
  void standardInputIsAFileNamedByItsContent() throws IOException {
    FileList.Found first = standardInput("hallo");
    FileList.Found same = standardInput("hallo");
    FileList.Found other = standardInput("wereld");

    assertThat(first.uri()).isEqualTo(same.uri()).isNotEqualTo(other.uri());
    assertThat(first.bytes()).isEqualTo(same.bytes());
    assertThat(Path.of(first.uri())).hasContent("hallo");
  }

  private static FileList.Found standardInput(String text) throws IOException {
    return FileList.find(List.of("-"), List.of(), new ByteArrayInputStream(text.getBytes(UTF_8)))
        .files()
        .getFirst();
  }

  @Test
  void addressThatNothingHereKnowsNamesTheModule() {
    assertThatThrownBy(() -> find("s3://bucket/*.pdf"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("DRAGOMAN_MODULES=s3");
    assertThatThrownBy(() -> find("ftp://host/x"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("'ftp'");
  }

  @Test
  void filesOfAnotherFileSystemAreFoundByGlob() throws IOException {
    MemoryFiles.put("mem://box/in/één.txt", "x".getBytes(UTF_8));
    MemoryFiles.put("mem://box/in/b.txt", "yy".getBytes(UTF_8));
    MemoryFiles.put("mem://box/out/c.txt", "z".getBytes(UTF_8));

    FileList list = FileList.find(List.of("mem://box/in/*"), List.of());

    assertThat(list.files())
        .extracting(found -> found.uri().getPath())
        .containsExactlyInAnyOrder("/in/b.txt", "/in/één.txt");
    assertThat(list.bytes()).isEqualTo(3);
    assertThatThrownBy(() -> find("mem://box/nothing/*"))
        .isInstanceOf(UsageException.class)
        .hasMessage("no file matches mem://box/nothing/*");
  }
}
