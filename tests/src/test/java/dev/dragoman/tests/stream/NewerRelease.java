package dev.dragoman.tests.stream;

import dev.dragoman.jobs.cluster.LocalCluster;
import dev.dragoman.tests.e2e.Cli;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * The release after this one, made from the sources of this one: the provenance of its documents
 * has a region, which layout 3 of their bytes holds. It takes documents without one to be from an
 * unknown region, and shows the region among a document's fields.
 */
final class NewerRelease {
  private static final Path RECORDS =
      Cli.repository().resolve("operators/src/main/java/dev/dragoman/operators/record");

  private record Edit(String file, String before, String after) {}

  private static final List<Edit> EDITS =
      List.of(
          new Edit(
              "Provenance.java",
              """
                  @Nullable Original original) {
                public Provenance {
              """,
              """
                  @Nullable Original original,
                  String region) {
                public Provenance(
                    URI source,
                    String mediaType,
                    long size,
                    Sha256 digest,
                    List<Step> steps,
                    @Nullable Original original) {
                  this(source, mediaType, size, digest, steps, original, "europe");
                }

                public Provenance {
              """),
          new Edit("Provenance.java", "digest, more, original)", "digest, more, original, region)"),
          new Edit(
              "Provenance.java",
              "detected, size, digest, steps, original)",
              "detected, size, digest, steps, original, region)"),
          new Edit("Provenance.java", "steps, message)", "steps, message, region)"),
          new Edit("Provenance.java", "List.of(), original)", "List.of(), original, region)"),
          new Edit("coder/RecordWriter.java", "int VERSION = 2;", "int VERSION = 3;"),
          new Edit(
              "coder/RecordWriter.java",
              "    Original original = provenance.original();\n",
              """
                  string(provenance.region());
                  Original original = provenance.original();
              """),
          new Edit(
              "coder/RecordReader.java",
              """
                  return new Provenance(
                      uri(),
                      string(),
                      longInteger(),
                      digest(),
                      list(this::step),
                      layout >= 2 && isPresent("message") ? original() : null);
              """,
              """
                  URI source = uri();
                  String mediaType = string();
                  long size = longInteger();
                  Sha256 digest = digest();
                  List<Step> steps = list(this::step);
                  String region = layout >= 3 ? string() : "unknown";
                  return new Provenance(
                      source,
                      mediaType,
                      size,
                      digest,
                      steps,
                      layout >= 2 && isPresent("message") ? original() : null,
                      region);
              """),
          new Edit(
              "DocumentColumns.java",
              "    return fields;\n",
              """
                  fields.put("region", document.provenance().region());
                  return fields;
              """));

  private NewerRelease() {}

  /** Compiles it; answers its class path. */
  static List<Path> compile(Path folder) throws IOException {
    Map<String, String> sources = new LinkedHashMap<>();
    for (Edit edit : EDITS) {
      String source = sources.get(edit.file());
      if (source == null) {
        source = Files.readString(RECORDS.resolve(edit.file()));
      }
      if (source.split(java.util.regex.Pattern.quote(edit.before()), -1).length != 2) {
        throw new IOException(
            edit.file()
                + " has changed, and this test must change with it; it had once:\n"
                + edit.before());
      }
      sources.put(edit.file(), source.replace(edit.before(), edit.after()));
    }
    Path classes = Files.createDirectories(folder.resolve("classes"));
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-proc:none",
                "-nowarn",
                "-d",
                classes.toString(),
                "-cp",
                String.join(
                    File.pathSeparator,
                    LocalCluster.ownClassPath().stream().map(Path::toString).toList())));
    for (Map.Entry<String, String> source : sources.entrySet()) {
      Path file = folder.resolve("sources").resolve(source.getKey());
      Files.createDirectories(file.getParent());
      arguments.add(Files.writeString(file, source.getValue()).toString());
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler.run(null, null, null, arguments.toArray(String[]::new)) != 0) {
      throw new IOException("the newer release does not compile");
    }
    List<Path> classPath = new ArrayList<>(List.of(classes));
    classPath.addAll(LocalCluster.ownClassPath());
    return classPath;
  }
}
