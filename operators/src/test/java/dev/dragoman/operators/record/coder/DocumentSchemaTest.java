package dev.dragoman.operators.record.coder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dragoman.operators.record.Document;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.RowCoder;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.transforms.Convert;
import org.apache.beam.sdk.schemas.transforms.Select;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.Row;
import org.junit.jupiter.api.Test;

class DocumentSchemaTest {
  @Test
  void randomDocumentsComeBackEqualFromTheirRows() {
    for (int seed = 0; seed < 400; seed++) {
      var document = new RandomDocuments(seed).document();
      var rejected = new RandomDocuments(seed).rejected();
      assertThat(DocumentSchema.documentOf(DocumentSchema.toRow(document))).isEqualTo(document);
      assertThat(DocumentSchema.rejectedOf(DocumentSchema.toRow(rejected))).isEqualTo(rejected);
    }
  }

  @Test
  void rowsSurviveBeamsRowCoder() throws Exception {
    Coder<Row> coder = RowCoder.of(DocumentSchema.document());
    for (int seed = 0; seed < 50; seed++) {
      Row row = DocumentSchema.toRow(RandomDocuments.ofUnicode(seed).document());
      CoderProperties.coderDecodeEncodeEqual(coder, row);
    }
  }

  @Test
  void notANumberIsNullInARow() {
    Row row = DocumentSchema.toRow(DocumentCoderTest.everything());
    Row interval = List.copyOf(row.<Row>getArray("annotations")).get(2);
    assertThat(interval.getString("type")).isEqualTo("interval");
    assertThat(interval.getDouble("confidence")).isNull();
    assertThat(interval.getDouble("start_seconds")).isEqualTo(0.25);
  }

  @Test
  void aRowWithAnUnknownKindOfPartIsRefused() {
    Row row = DocumentSchema.toRow(DocumentCoderTest.everything());
    Row part = List.copyOf(row.<Row>getArray("parts")).getFirst();
    Row odd = Row.fromRow(part).withFieldValue("type", "film").build();
    Row hurt = Row.fromRow(row).withFieldValue("parts", List.of(odd)).build();
    assertThatThrownBy(() -> DocumentSchema.documentOf(hurt))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("film");
  }

  @Test
  void transformsOnSchemasSeeTheFieldsOfDocuments() {
    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    Document document = DocumentCoderTest.everything();
    PCollection<Document> documents = DocumentSchema.documents(pipeline.apply(Create.of(document)));
    PCollection<Row> selected =
        documents.apply(Select.fieldNames("document_id", "parts.text")).setRowSchema(selected());
    PAssert.that(documents.apply("back", Convert.to(Document.class))).containsInAnyOrder(document);
    String id = document.id().value();
    PAssert.that(selected)
        .satisfies(rows -> {
          Row row = rows.iterator().next();
          assertThat(row.getString("document_id")).isEqualTo(id);
          assertThat(row.getArray("text")).contains("hallo");
          return null;
        });
    pipeline.run().waitUntilFinish();
  }

  private static Schema selected() {
    return Schema.builder()
        .addStringField("document_id")
        .addArrayField("text", Schema.FieldType.STRING.withNullable(true))
        .build();
  }
}
