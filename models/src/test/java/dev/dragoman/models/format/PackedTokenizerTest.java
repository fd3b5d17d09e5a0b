package dev.dragoman.models.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dragoman.models.SpecialToken;
import dev.dragoman.models.Tokenizer;
import dev.dragoman.models.Tokenizer.Tokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackedTokenizerTest {
  @Test
  void theFilesOwnVocabularyAndReplacementsMakeItsTokenizer(@TempDir Path folder)
      throws IOException {
    Path file = folder.resolve("e5.bin");
    Files.write(file, new PackedE5Bytes().file());
    Tokenizer tokenizer = Tokenizer.open(file);
    Tokens tokens = tokenizer.encodeForModel("\u0001é\te\u0301</s>", 9);
    assertThat(tokens.ids()).containsExactly(0, 3, 3, 2, 2);
    assertThat(tokens.starts()).containsExactly(0, 1, 3, 5, 0);
    assertThat(tokens.ends()).containsExactly(0, 2, 4, 9, 0);
    assertThat(tokenizer.special(SpecialToken.UNK)).hasValue(3);
  }
}
