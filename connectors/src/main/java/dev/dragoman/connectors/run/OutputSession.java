package dev.dragoman.connectors.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dragoman.connectors.UsageException;
import dev.dragoman.connectors.index.IndexBuilder;
import dev.dragoman.connectors.parquet.ShardWriter;
import dev.dragoman.connectors.parquet.StreamMarker;
import dev.dragoman.connectors.parquet.Table;
import dev.dragoman.connectors.parquet.TableReader;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.DocumentId;
import dev.dragoman.operators.record.Rejected;
import dev.dragoman.operators.record.RejectionCode;
import dev.dragoman.operators.record.coder.RejectedCoder;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.beam.sdk.util.CoderUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run into an output folder: opened before the graph is built, committed after it is done.
 *
 * <pre>{@code
 * try (OutputSession session = OutputSession.begin(out, Mode.FRESH, recipeDigest)) {
 *   ... graph with SkipDone.inputs(session), SkipDone.documents(session), WriteEnriched.to(session)
 *   pipeline.run().waitUntilFinish();
 *   RunReport report = session.commit(facts);
 * }
 * }</pre>
 *
 * Closed without a commit, the folder looks as it did before, and what was finished waits in {@code
 * .staging-*} for a run with {@link Mode#RESUME}.
 */
public final class OutputSession implements Closeable {
  /** What to do with what is in the folder already. */
  public enum Mode {
    /** There must be nothing. */
    FRESH,
    /** Do what is missing: a run with the same recipe, finished or killed, is gone on with. */
    RESUME,
    /** Replace what is there once the new run has finished. */
    OVERWRITE,
    /** Try rejected documents again, perhaps with another recipe. */
    REPLAY
  }

  private static final Logger LOG = LoggerFactory.getLogger(OutputSession.class);

  private static final String JOURNAL = "journal";
  private static final String ADOPTED = "adopted";
  private static final String RECIPE = "recipe.digest";
  private static final String DONE = "done.bin";
  private static final String FINISHED = "finished.bin";

  /** Encoded documents of one shard; the largest table of a shard is then about 128 MB. */
  private static final long SHARD_BYTES = 256L << 20;

  private static final long HEAP_PER_SHARD_WRITER = 256L << 20;

  private final Path folder;
  private final Path staging;
  private final FolderLock lock;
  private final String recipeDigest;
  private final @Nullable RunReport previous;
  private final DoneSet done;
  private final boolean created;
  private long shardBytes = SHARD_BYTES;
  private boolean committed;

  private OutputSession(
      Path folder,
      Path staging,
      FolderLock lock,
      String recipeDigest,
      @Nullable RunReport previous,
      DoneSet done,
      boolean created) {
    this.folder = folder;
    this.staging = staging;
    this.lock = lock;
    this.recipeDigest = recipeDigest;
    this.previous = previous;
    this.done = done;
    this.created = created;
  }

  /**
   * Takes the folder for one run, making it if need be.
   *
   * @param recipeDigest of everything that rows depend on: the recipe and its models
   * @throws UsageException if the folder is another run's, holds what {@code mode} does not allow,
   *     or is not a folder
   */
  public static OutputSession begin(Path given, Mode mode, String recipeDigest) throws IOException {
    Path folder = given.toAbsolutePath().normalize();
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new UsageException(given + " is a file; --out needs a folder");
    }
    if (StreamMarker.read(folder) != null) {
      throw new UsageException(
          given
              + " is the folder of a stream, which may be adding files to it; name another with"
              + " --out");
    }
    boolean created = !Files.exists(folder);
    Files.createDirectories(folder);
    FolderLock lock = FolderLock.take(folder);
    try {
      RunDirectory.finishCommits(folder);
      RunReport previous = previous(given, folder, mode, recipeDigest);
      Path staging =
          Files.createDirectory(folder.resolve(RunDirectory.STAGING + UUID.randomUUID()));
      Files.writeString(staging.resolve(RECIPE), recipeDigest);
      adopt(folder, staging, mode, recipeDigest);
      DoneSet done = done(folder, staging, mode, previous != null, true);
      done.save(staging.resolve(DONE));
      done(folder, staging, mode, previous != null, false).save(staging.resolve(FINISHED));
      return new OutputSession(folder, staging, lock, recipeDigest, previous, done, created);
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /** What this run need not do. */
  public DoneSet done() {
    return done;
  }

  /** The folder, absolute. */
  public Path folder() {
    return folder;
  }

  Path journal() {
    return staging.resolve(JOURNAL);
  }

  Path adopted() {
    return staging.resolve(ADOPTED);
  }

  Path finishedFile() {
    return staging.resolve(FINISHED);
  }

  Path doneFile() {
    return staging.resolve(DONE);
  }

  Path staging() {
    return staging;
  }

  /** For tests that want several shards of little data. */
  void shardBytes(long bytes) {
    shardBytes = bytes;
  }

  /**
   * Writes tables, index and {@code run.json} from the journal and makes them visible. A document
   * that is both finished and rejected (a bundle was tried again and fared better) is finished.
   *
   * @return what is in {@code run.json}
   */
  public RunReport commit(RunReport.Facts facts) throws IOException {
    RunReport report = prepare(facts);
    decide();
    RunDirectory.moveIntoPlace(folder, staging);
    committed = true;
    return report;
  }

  /** Gives the folder back. */
  @Override
  public void close() throws IOException {
    try (lock) {
      if (!committed && !Files.exists(staging.resolve(RunDirectory.COMMIT))) {
        boolean worthKeeping =
            !Journal.segmentFiles(journal()).isEmpty()
                || !Journal.segmentFiles(staging.resolve(ADOPTED)).isEmpty();
        if (worthKeeping) {
          Disk.delete(staging.resolve(RunDirectory.READY));
        } else {
          Disk.delete(staging);
        }
      }
    }
    if (created && Disk.list(folder).isEmpty()) {
      Files.deleteIfExists(folder);
    }
  }

  /** Writes everything under {@code ready}; nothing is visible yet. */
  RunReport prepare(RunReport.Facts facts) throws IOException {
    Path ready = staging.resolve(RunDirectory.READY);
    Disk.delete(ready);
    Files.createDirectories(ready);
    RunReport report;
    try (Journal adopted = Journal.open(staging.resolve(ADOPTED));
        Journal fresh = Journal.open(journal())) {
      List<Outcome> outcomes = outcomes(adopted, fresh);
      Set<DocumentId> settled = new HashSet<>();
      outcomes.forEach(outcome -> settled.add(outcome.entry().id()));
      int number = 0;
      if (previous != null) {
        number = keepPrevious(ready, settled, readAgain(outcomes));
      }
      writeShards(ready, number, outcomes);
      writeInputs(ready, fresh, settled);
      long reused = outcomes.stream().filter(outcome -> outcome.journal() == adopted).count();
      double seconds = Duration.between(facts.started(), Instant.now()).toMillis() / 1000.0;
      report = report(ready, facts, seconds, reused);
    }
    Files.writeString(ready.resolve(RunReport.FILE), report.toJson());
    Disk.sync(ready);
    return report;
  }

  /** After this the run is done, whatever happens to this process. */
  void decide() throws IOException {
    Path draft = staging.resolve(RunDirectory.COMMIT + ".draft");
    Files.writeString(draft, "everything under ready/ belongs into the folder above\n");
    Disk.sync(draft);
    Files.move(draft, staging.resolve(RunDirectory.COMMIT), StandardCopyOption.ATOMIC_MOVE);
    Disk.sync(folder.resolve(staging.getFileName()).resolve(RunDirectory.COMMIT));
  }

  private static @Nullable RunReport previous(
      Path given, Path folder, Mode mode, String recipeDigest) throws IOException {
    if (!Files.exists(folder.resolve(RunReport.FILE))) {
      for (String part : RunDirectory.parts()) {
        if (Files.exists(folder.resolve(part)) && mode != Mode.OVERWRITE) {
          throw new UsageException(
              given
                  + " already holds '"
                  + part
                  + "', which no finished run wrote; choose another --out, or replace it with"
                  + " --overwrite");
        }
      }
      if (mode == Mode.REPLAY) {
        throw new UsageException(given + " holds no run (there is no run.json in it)");
      }
      return null;
    }
    return switch (mode) {
      case OVERWRITE -> null;
      case FRESH ->
          throw new UsageException(
              given
                  + " holds a finished run already; add to it with --resume, replace it with"
                  + " --overwrite, or choose another --out");
      case REPLAY -> RunReport.read(folder);
      case RESUME -> {
        RunReport report = RunReport.read(folder);
        if (!report.recipe().digest().equals(recipeDigest)) {
          throw new UsageException(
              given
                  + " was made with another recipe or other models ("
                  + report.recipe().name()
                  + ", "
                  + shortened(report.recipe().digest())
                  + "; now "
                  + shortened(recipeDigest)
                  + "); use --overwrite, or choose another --out");
        }
        yield report;
      }
    };
  }

  private static String shortened(String digest) {
    return digest.length() <= 12 ? digest : digest.substring(0, 12);
  }

  /** Takes over the journals of killed runs with the same recipe, and clears away all others. */
  private static void adopt(Path folder, Path staging, Mode mode, String recipeDigest)
      throws IOException {
    for (Path old : RunDirectory.stagings(folder)) {
      if (old.equals(staging)) {
        continue;
      }
      if (mode == Mode.RESUME && recipeDigest.equals(recipeOf(old))) {
        Path adopted = Files.createDirectories(staging.resolve(ADOPTED));
        for (String journal : List.of(ADOPTED, JOURNAL)) {
          for (Path segment : Journal.segmentFiles(old.resolve(journal))) {
            Files.move(
                segment,
                adopted.resolve(segment.getFileName().toString()),
                StandardCopyOption.ATOMIC_MOVE);
          }
        }
      } else if (!Journal.segmentFiles(old.resolve(JOURNAL)).isEmpty()) {
        LOG.warn("cleared away what an interrupted run had left in {}", old);
      }
      Disk.delete(old);
    }
  }

  private static String recipeOf(Path staging) throws IOException {
    try {
      return Files.readString(staging.resolve(RECIPE));
    } catch (NoSuchFileException e) {
      return "";
    }
  }

  /**
   * What need not be done again.
   *
   * @param checkpoints whether documents that wait at a checkpoint count
   */
  private static DoneSet done(
      Path folder, Path staging, Mode mode, boolean hasPrevious, boolean checkpoints)
      throws IOException {
    Set<DocumentId> documents = new HashSet<>();
    Map<String, DocumentId> inputs = new HashMap<>();
    if (hasPrevious) {
      readPrevious(folder, mode, documents, inputs);
    }
    try (Journal adopted = Journal.open(staging.resolve(ADOPTED))) {
      for (Journal.Entry entry : adopted.entries()) {
        switch (entry.kind()) {
          case INPUT -> {}
          case DOCUMENT -> documents.add(entry.id());
          case CHECKPOINT -> {
            if (checkpoints) {
              documents.add(entry.id());
            }
          }
          case REJECTED -> {
            if (settles(adopted.rejected(entry).failure().code())) {
              documents.add(entry.id());
            }
          }
        }
      }
    }
    return DoneSet.of(inputs.values(), documents);
  }

  /** Rejections that are the document's own fault would come out the same again. */
  private static boolean settles(RejectionCode code) {
    return switch (code.category()) {
      case INPUT -> true;
      case RESOURCES, INTERNAL -> false;
    };
  }

  private static void readPrevious(
      Path folder, Mode mode, Set<DocumentId> documents, Map<String, DocumentId> inputs)
      throws IOException {
    try (TableReader rows = new TableReader(folder, Table.DOCUMENTS, "document_id", "source_uri")) {
      for (TableReader.Row row = rows.next(); row != null; row = rows.next()) {
        DocumentId id = new DocumentId(row.text("document_id"));
        documents.add(id);
        inputs.put(row.text("source_uri"), id);
      }
    }
    Path noted = folder.resolve(RunDirectory.INPUTS);
    if (Files.exists(noted)) {
      for (String line : Files.readAllLines(noted)) {
        inputs.put(line.substring(33), new DocumentId(line.substring(0, 32)));
      }
    }
    Set<String> unfinished = new HashSet<>();
    try (TableReader rows =
        new TableReader(folder, Table.REJECTED, "document_id", "source_uri", "code")) {
      for (TableReader.Row row = rows.next(); row != null; row = rows.next()) {
        DocumentId id = new DocumentId(row.text("document_id"));
        String source = row.text("source_uri");
        if (mode == Mode.RESUME && settles(RejectionCode.valueOf(row.text("code")))) {
          documents.add(id);
          inputs.put(source, id);
        } else {
          unfinished.add(Sources.outermost(source));
        }
      }
    }
    inputs.keySet().removeAll(unfinished);
  }

  /** A record of one of the two journals. */
  private record Outcome(Journal journal, Journal.Entry entry) {}

  /** One outcome a document, by id, without those whose rows are there already. */
  private List<Outcome> outcomes(Journal adopted, Journal fresh) throws IOException {
    Set<DocumentId> written = new HashSet<>();
    if (previous != null) {
      try (TableReader rows = new TableReader(folder, Table.DOCUMENTS, "document_id")) {
        for (TableReader.Row row = rows.next(); row != null; row = rows.next()) {
          written.add(new DocumentId(row.text("document_id")));
        }
      }
    }
    List<Outcome> all = new ArrayList<>();
    for (Journal journal : List.of(fresh, adopted)) {
      for (Journal.Entry entry : journal.entries()) {
        boolean outcome =
            switch (entry.kind()) {
              case DOCUMENT, REJECTED -> true;
              case INPUT, CHECKPOINT -> false;
            };
        if (outcome && !written.contains(entry.id())) {
          all.add(new Outcome(journal, entry));
        }
      }
    }
    // The sort is stable: of equal ones, those of this run stand before those taken over.
    all.sort(
        Comparator.<Outcome, Long>comparing(o -> o.entry().high(), Long::compareUnsigned)
            .thenComparing(o -> o.entry().low(), Long::compareUnsigned)
            .thenComparing(o -> o.entry().kind()));
    List<Outcome> one = new ArrayList<>();
    for (Outcome outcome : all) {
      if (one.isEmpty()
          || one.getLast().entry().high() != outcome.entry().high()
          || one.getLast().entry().low() != outcome.entry().low()) {
        one.add(outcome);
      }
    }
    return one;
  }

  /**
   * Links what earlier runs wrote, without the rejections that this one has settled.
   *
   * @return the number of the next shard
   */
  private int keepPrevious(Path ready, Set<DocumentId> settled, Set<String> readAgain)
      throws IOException {
    int next = 0;
    for (Table table : Table.values()) {
      for (Path file : TableReader.files(folder, table)) {
        String digits = file.getFileName().toString().replaceAll("\\D", "");
        if (!digits.isEmpty() && digits.length() < 10) {
          next = Math.max(next, Integer.parseInt(digits) + 1);
        }
      }
    }
    for (Table table : Table.values()) {
      if (table != Table.REJECTED) {
        Disk.linkAll(folder.resolve(table.folder()), ready.resolve(table.folder()));
      }
    }
    if (!anyRejected(settled, readAgain)) {
      Disk.linkAll(folder.resolve(Table.REJECTED.folder()), ready.resolve(Table.REJECTED.folder()));
      return next;
    }
    try (ShardWriter kept = new ShardWriter(ready, next, recipeDigest);
        TableReader rows =
            new TableReader(folder, Table.REJECTED, "document_id", "source_uri", "payload")) {
      for (TableReader.Row row = rows.next(); row != null; row = rows.next()) {
        if (!isSettled(row, settled, readAgain)) {
          byte[] payload = row.bytes("payload");
          kept.write(CoderUtils.decodeFromByteArray(RejectedCoder.of(), payload), payload);
        }
      }
    }
    dropEmpty(ready, next);
    return next + 1;
  }

  private boolean anyRejected(Set<DocumentId> settled, Set<String> readAgain) throws IOException {
    try (TableReader rows = new TableReader(folder, Table.REJECTED, "document_id", "source_uri")) {
      for (TableReader.Row row = rows.next(); row != null; row = rows.next()) {
        if (isSettled(row, settled, readAgain)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isSettled(
      TableReader.Row row, Set<DocumentId> settled, Set<String> readAgain) {
    return settled.contains(new DocumentId(row.text("document_id")))
        || readAgain.contains(row.text("source_uri"));
  }

  /**
   * The files that could not be read before and now could. Their ids tell nothing: that of a file
   * nobody could read is made from no content.
   */
  private Set<String> readAgain(List<Outcome> outcomes) throws IOException {
    Set<String> unreadable = new HashSet<>();
    try (TableReader rows = new TableReader(folder, Table.REJECTED, "source_uri", "code")) {
      for (TableReader.Row row = rows.next(); row != null; row = rows.next()) {
        if (row.text("code").equals(RejectionCode.UNREADABLE.name())) {
          unreadable.add(row.text("source_uri"));
        }
      }
    }
    Set<String> readAgain = new HashSet<>();
    if (!unreadable.isEmpty()) {
      for (Outcome outcome : outcomes) {
        Document document =
            outcome.entry().kind() == Journal.Kind.DOCUMENT
                ? outcome.journal().document(outcome.entry())
                : outcome.journal().rejected(outcome.entry()).document();
        String file = Sources.outermost(document.provenance().source().toString());
        if (unreadable.contains(file)) {
          readAgain.add(file);
        }
      }
    }
    return readAgain;
  }

  private void writeShards(Path ready, int first, List<Outcome> outcomes) throws IOException {
    Path index = ready.resolve(RunDirectory.INDEX);
    Path oldIndex = folder.resolve(RunDirectory.INDEX);
    boolean documents = outcomes.stream().anyMatch(o -> o.entry().kind() == Journal.Kind.DOCUMENT);
    if (previous != null && Files.isDirectory(oldIndex)) {
      Disk.linkAll(oldIndex, index);
      Files.deleteIfExists(index.resolve("write.lock"));
      if (outcomes.isEmpty()) {
        return;
      }
      if (!documents) {
        writeShards(ready, first, outcomes, null);
        return;
      }
    }
    try (IndexBuilder builder = new IndexBuilder(Files.createDirectories(index))) {
      writeShards(ready, first, outcomes, builder);
      builder.commit();
    }
    Files.deleteIfExists(index.resolve("write.lock"));
  }

  private void writeShards(
      Path ready, int first, List<Outcome> outcomes, @Nullable IndexBuilder index)
      throws IOException {
    List<List<Outcome>> shards = cut(outcomes);
    int threads =
        Math.clamp(
            Runtime.getRuntime().maxMemory() / HEAP_PER_SHARD_WRITER,
            1,
            Math.min(4, Runtime.getRuntime().availableProcessors()));
    try (ExecutorService writers = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < shards.size(); i++) {
        int number = first + i;
        List<Outcome> shard = shards.get(i);
        running.add(
            writers.submit(() -> {
              writeShard(ready, number, shard, index);
              return null;
            }));
      }
      try {
        for (Future<?> shard : running) {
          shard.get();
        }
      } catch (ExecutionException e) {
        running.forEach(shard -> shard.cancel(true));
        throw new IOException("cannot write the tables: " + e.getCause(), e.getCause());
      } catch (InterruptedException e) {
        running.forEach(shard -> shard.cancel(true));
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while writing the tables", e);
      }
    }
    for (int i = 0; i < shards.size(); i++) {
      dropEmpty(ready, first + i);
    }
  }

  private List<List<Outcome>> cut(List<Outcome> outcomes) {
    List<List<Outcome>> shards = new ArrayList<>();
    int from = 0;
    long bytes = 0;
    for (int i = 0; i < outcomes.size(); i++) {
      if (bytes >= shardBytes) {
        shards.add(outcomes.subList(from, i));
        from = i;
        bytes = 0;
      }
      bytes += outcomes.get(i).entry().length();
    }
    shards.add(outcomes.subList(from, outcomes.size()));
    return shards;
  }

  private void writeShard(
      Path ready, int number, List<Outcome> outcomes, @Nullable IndexBuilder index)
      throws IOException {
    try (ShardWriter shard = new ShardWriter(ready, number, recipeDigest)) {
      for (Outcome outcome : outcomes) {
        switch (outcome.entry().kind()) {
          case DOCUMENT -> {
            var document = outcome.journal().document(outcome.entry());
            shard.write(document);
            if (index != null) {
              index.add(document);
            }
          }
          case REJECTED -> {
            byte[] payload = outcome.journal().body(outcome.entry());
            Rejected rejected = CoderUtils.decodeFromByteArray(RejectedCoder.of(), payload);
            shard.write(rejected, payload);
          }
          case INPUT, CHECKPOINT -> throw new AssertionError("no outcome: " + outcome.entry());
        }
      }
    }
  }

  /** Removes files of a shard that have no rows, except where the table would have none at all. */
  private static void dropEmpty(Path ready, int number) throws IOException {
    for (Table table : Table.values()) {
      Path file = ready.resolve(table.folder()).resolve(ShardWriter.fileName(number));
      if (TableReader.files(ready, table).size() > 1
          && Files.exists(file)
          && TableReader.rows(file) == 0) {
        Files.delete(file);
      }
    }
  }

  /** Notes the inputs that are no documents themselves: containers, now that they are done. */
  private void writeInputs(Path ready, Journal fresh, Set<DocumentId> settled) throws IOException {
    TreeSet<String> lines = new TreeSet<>();
    Path old = folder.resolve(RunDirectory.INPUTS);
    if (previous != null && Files.exists(old)) {
      lines.addAll(Files.readAllLines(old));
    }
    for (Journal.Entry entry : fresh.entries()) {
      if (entry.kind() == Journal.Kind.INPUT && !settled.contains(entry.id())) {
        lines.add(entry.id() + " " + new String(fresh.body(entry), UTF_8));
      }
    }
    Files.write(ready.resolve(RunDirectory.INPUTS), lines);
  }

  private RunReport report(Path ready, RunReport.Facts facts, double seconds, long adopted)
      throws IOException {
    List<RunReport.TableReport> tables = new ArrayList<>();
    Map<Table, Long> rows = new HashMap<>();
    for (Table table : Table.values()) {
      List<Path> files = TableReader.files(ready, table);
      long count = 0;
      for (Path file : files) {
        count += TableReader.rows(file);
      }
      rows.put(table, count);
      tables.add(new RunReport.TableReport(table.folder(), count, files.size(), Disk.bytes(files)));
    }
    SortedMap<RejectionCode, Long> byCode = new TreeMap<>();
    try (TableReader rejected = new TableReader(ready, Table.REJECTED, "code")) {
      for (TableReader.Row row = rejected.next(); row != null; row = rejected.next()) {
        byCode.merge(RejectionCode.valueOf(row.text("code")), 1L, Long::sum);
      }
    }
    long out = rows.getOrDefault(Table.DOCUMENTS, 0L);
    long rejected = rows.getOrDefault(Table.REJECTED, 0L);
    List<RunReport.EarlierRun> earlier = new ArrayList<>();
    long reused = adopted;
    if (previous != null) {
      earlier.addAll(previous.earlierRuns());
      earlier.add(
          new RunReport.EarlierRun(
              previous.runner(), previous.started(), previous.seconds(), previous.operators()));
      reused += previous.documentsIn();
    }
    return new RunReport(
        RunReport.FORMAT,
        facts.dragomanVersion(),
        facts.recipe(),
        facts.models(),
        out + rejected,
        out,
        rejected,
        byCode,
        reused,
        facts.runner(),
        facts.started().toString(),
        seconds,
        facts.operators(),
        tables,
        earlier);
  }
}
