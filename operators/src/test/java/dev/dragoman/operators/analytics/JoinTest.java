package dev.dragoman.operators.analytics;

import static dev.dragoman.operators.analytics.Tickets.at;
import static dev.dragoman.operators.analytics.Tickets.ticket;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.operators.config.Configs;
import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.Annotation.Interval;
import dev.dragoman.operators.record.Annotation.Label;
import dev.dragoman.operators.record.Annotation.Rewrite;
import dev.dragoman.operators.record.AudioPart;
import dev.dragoman.operators.record.Content;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.DocumentColumns;
import dev.dragoman.operators.record.Origin;
import dev.dragoman.operators.record.PartId;
import dev.dragoman.operators.record.Sha256;
import dev.dragoman.operators.record.Step;
import dev.dragoman.operators.record.TextPart;
import dev.dragoman.operators.record.coder.DocumentCoder;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.BooleanCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.Values;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.SlidingWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** On the real direct runner. */
@Timeout(120)
class JoinTest {
  private static final Document TICKET =
      ticket("t1", "my lamp is broken", "column:number", "17", "category", "technical");

  private static Join.Config config(String more) {
    String json =
        "{'with': 'Calls', 'left_key': 'column:number', 'right_key': 'column:ticket'" + more + "}";
    try {
      return Configs.configure(
          Join.Config.class, new ObjectMapper().readTree(json.replace('\'', '"')));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(json, e);
    }
  }

  /** A call as Transcribe and others leave it. */
  private static Document call(String name, String ticket, String text) {
    URI source = URI.create("file:///calls/" + name + ".wav");
    Sha256 digest = Sha256.of(name.getBytes(UTF_8));
    Content content = new Content.Reference(source, 1000, digest);
    PartId transcript = new PartId("transcript");
    PartId audio = new PartId("audio");
    Origin heard = new Origin(transcript, "Transcribe", "1", "whisper");
    Origin read = new Origin(PartId.FILE, "ReadKafka", "1", "");
    return Document.ofFile(source, "audio/wav", 1000, digest, content)
        .withParts(
            List.of(
                new AudioPart(audio, "audio/wav", content, 3),
                new TextPart(transcript, audio, TextPart.Role.TRANSCRIPT, 0, text)))
        .plus(
            List.of(
                new Label(read, "column:ticket", ticket, Double.NaN),
                new Interval(heard, "segment", text, 0.9, 0, text.length(), 0, 3),
                new Label(new Origin(transcript, "Classify", "1", ""), "category", "billing", 0.8),
                new Rewrite(heard, "summary", "short", "en", Double.NaN)))
        .with(Step.done("Transcribe", "1", "whisper"))
        .with(Step.done("Classify", "1", ""));
  }

  private static final Document FIRST = call("c1", "17", "hello it does not light");
  private static final Document SECOND = call("c2", "17", "still dark");
  private static final Document OTHER = call("c3", "18", "about something else");
  private static final Document FAR = call("c4", "17", "hours later");

  private static List<Document> join(
      Join.Config config, TestStream<KV<Boolean, Document>> arrivals) {
    Pipeline pipeline = Tickets.pipeline();
    PCollection<KV<Boolean, Document>> all = pipeline.apply(arrivals);
    PCollection<Document> tickets =
        all.apply("tickets", Filter.by(KV::getKey)).apply("t", Values.create());
    PCollection<Document> calls =
        all.apply("calls", Filter.by(each -> !each.getKey())).apply("c", Values.create());
    return Tickets.run(
        pipeline,
        PCollectionTuple.of(
                Join.LEFT,
                tickets.apply(
                    "ticket windows", Window.into(FixedWindows.of(Duration.standardMinutes(5)))))
            .and(
                Join.RIGHT,
                calls.apply(
                    "call windows",
                    Window.into(
                        SlidingWindows.of(Duration.standardMinutes(5))
                            .every(Duration.standardMinutes(5)))))
            .apply(Join.of("Join", config)),
        Document.class);
  }

  private static TestStream.Builder<KV<Boolean, Document>> arrivals() {
    return TestStream.create(KvCoder.of(BooleanCoder.of(), DocumentCoder.of()))
        .advanceWatermarkTo(at(0));
  }

  private static TimestampedValue<KV<Boolean, Document>> arrival(double hours, Document document) {
    return TimestampedValue.of(
        KV.of(document.provenance().source().getScheme().equals("urn"), document), at(hours));
  }

  static Stream<List<Integer>> orders() {
    List<List<Integer>> orders = new ArrayList<>(List.of(List.of()));
    for (int i = 0; i < 3; i++) {
      List<List<Integer>> longer = new ArrayList<>();
      for (List<Integer> order : orders) {
        for (int at = 0; at <= order.size(); at++) {
          List<Integer> with = new ArrayList<>(order);
          with.add(at, i);
          longer.add(with);
        }
      }
      orders = longer;
    }
    return orders.stream();
  }

  @ParameterizedTest
  @MethodSource("orders")
  void allCallsWithinReachAreJoinedInTheirOrderHoweverTheyCome(List<Integer> order) {
    List<TimestampedValue<KV<Boolean, Document>>> all =
        List.of(arrival(1.0, TICKET), arrival(0.6, FIRST), arrival(1.4, SECOND));
    TestStream.Builder<KV<Boolean, Document>> stream =
        arrivals().addElements(arrival(0.9, OTHER), arrival(2.1, FAR));
    for (int next : order) {
      stream = stream.addElements(all.get(next));
    }
    List<Document> joined = join(config(""), stream.advanceWatermarkToInfinity());
    assertThat(joined).hasSize(1);
    assertThat(joined.getFirst().text())
        .isEqualTo("my lamp is broken\n\nhello it does not light\n\nstill dark");
  }

  @Test
  void aCallThatWasThereLongBeforeTheTicketIsStillThereForALateOne() {
    List<Document> joined =
        join(
            config(""),
            arrivals()
                .addElements(arrival(0.1, FIRST))
                .advanceWatermarkTo(at(1.05))
                .addElements(arrival(1.08, TICKET))
                .advanceWatermarkTo(at(2.0))
                .advanceWatermarkToInfinity());
    assertThat(joined.getFirst().textParts()).hasSize(2);
  }

  @Test
  void aTicketWithoutCallsGoesOnAloneOrNotAtAll() {
    TestStream<KV<Boolean, Document>> stream =
        arrivals()
            .addElements(
                arrival(1, TICKET), arrival(1, ticket("none", "no number")), arrival(1, OTHER))
            .advanceWatermarkToInfinity();
    assertThat(join(config(""), stream))
        .containsExactlyInAnyOrder(TICKET, ticket("none", "no number"));
    assertThat(join(config(", 'unmatched': 'drop'"), stream)).isEmpty();
  }

  @Test
  void withTheFirstMatchATicketDoesNotWait() {
    for (boolean callFirst : List.of(true, false)) {
      TimestampedValue<KV<Boolean, Document>> one = arrival(1.0, TICKET);
      TimestampedValue<KV<Boolean, Document>> other = arrival(1.2, FIRST);
      List<Document> joined =
          join(
              config(", 'emit': 'first'"),
              arrivals()
                  .addElements(callFirst ? other : one)
                  .addElements(callFirst ? one : other)
                  .addElements(arrival(1.3, SECOND))
                  .advanceWatermarkToInfinity());
      assertThat(joined).hasSize(1);
      assertThat(joined.getFirst().text())
          .isEqualTo("my lamp is broken\n\nhello it does not light");
    }
  }

  @Test
  void aBatchGivesTheSame() {
    Pipeline pipeline = Tickets.pipeline();
    PCollection<Document> tickets =
        pipeline.apply("t", Create.timestamped(at(1.0, TICKET)).withCoder(DocumentCoder.of()));
    PCollection<Document> calls =
        pipeline.apply(
            "c",
            Create.timestamped(at(1.4, SECOND), at(0.6, FIRST), at(2.1, FAR))
                .withCoder(DocumentCoder.of()));
    assertThat(
            Tickets.run(
                pipeline,
                PCollectionTuple.of(Join.LEFT, tickets)
                    .and(Join.RIGHT, calls)
                    .apply(Join.of("Join", config(""))),
                Document.class))
        .containsExactly(
            Joined.of(TICKET, "Calls", List.of(Joined.lean(FIRST), Joined.lean(SECOND))));
  }

  @Test
  void whatWasFoundInACallPointsIntoItsTextAndStandsInForNothing() {
    Document joined = Joined.of(TICKET, "Calls", List.of(Joined.lean(FIRST), Joined.lean(SECOND)));
    assertThat(joined.id()).isEqualTo(TICKET.id());
    assertThat(joined.parts().stream().map(part -> part.id()).distinct()).hasSize(3);
    assertThat(joined.partsOf(AudioPart.class)).isEmpty();
    for (Interval interval : joined.annotationsOf(Interval.class)) {
      TextPart part = (TextPart) joined.part(interval.origin().part()).orElseThrow();
      assertThat(part.text().substring(interval.start(), interval.end()))
          .isEqualTo(interval.value());
      assertThat(part.role()).isEqualTo(TextPart.Role.TRANSCRIPT);
      assertThat(interval.origin().model()).isEqualTo("whisper");
    }
    DocumentColumns columns = DocumentColumns.of(joined);
    assertThat(columns.category()).isEqualTo("technical");
    assertThat(columns.summary()).isNull();
    assertThat(columns.fields())
        .containsEntry("number", "17")
        .containsEntry("Calls.ticket", "17")
        .containsEntry("Calls.category", "billing");
    assertThat(columns.steps()).containsExactly("Classify", "Transcribe", "Classify", "Join");
    assertThat(
            joined.annotations().stream()
                .filter(annotation -> annotation.kind().equals("joined"))
                .map(Label.class::cast)
                .map(Label::value))
        .containsExactly(
            FIRST.id() + " file:///calls/c1.wav", SECOND.id() + " file:///calls/c2.wav");
  }

  @Test
  void aReplayStartsFromTheTicketAlone() {
    assertThat(Joined.of(TICKET, "Calls", List.of(Joined.lean(FIRST))).asFound())
        .isEqualTo(TICKET.asFound());
  }

  @Test
  void whatWaitsIsWrittenAndReadAgain() throws Exception {
    CoderProperties.coderDecodeEncodeEqual(new ArrivalCoder(), new Arrival(false, 5, FIRST));
    CoderProperties.coderSerializable(new ArrivalCoder());
    CoderProperties.coderDecodeEncodeEqual(
        new TallyCoder(), Tally.ofDocument(-1.0, List.of("a", "b")));
    CoderProperties.coderSerializable(new TallyCoder());
  }

  @Test
  void wrongConfigurationsAreRefused() {
    assertThatThrownBy(() -> config(", 'within': '0s'"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("Join.within");
    assertThatThrownBy(() ->
            new Join.Config(
                "x",
                "nmber",
                "title",
                java.time.Duration.ofHours(1),
                Join.Unmatched.EMIT,
                Join.Emit.EXPIRY))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("no field 'nmber'");
  }

  @Test
  void embeddingsOfWholeCallsStayBehind() {
    Document embedded =
        FIRST.plus(
            List.of(
                new Annotation.Embedding(
                    new Origin(PartId.TEXT, "Embed", "1", "m"), new float[] {1})));
    assertThat(Joined.lean(embedded).annotationsOf(Annotation.Embedding.class)).isEmpty();
  }
}
