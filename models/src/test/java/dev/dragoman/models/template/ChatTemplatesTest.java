package dev.dragoman.models.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.BooleanNode;
import dev.dragoman.models.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatTemplatesTest {
  private static final ChatInput HELLO = ChatInput.of(List.of(ChatMessage.user("hello")));

  @TempDir Path folder;

  private void file(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test
  void tokenizerConfigHasOneTemplateAndTheTokens() throws IOException {
    file(
        "tokenizer_config.json",
        """
        {"chat_template": "{{ bos_token }}{{ messages[0].content }}{{ eos_token }}",
         "bos_token": "<s>", "eos_token": {"content": "</s>", "lstrip": false}, "pad_token": null}
        """);
    ChatTemplates templates = ChatTemplates.read(folder);
    assertThat(templates.tokens()).isEqualTo(Map.of("bos_token", "<s>", "eos_token", "</s>"));
    assertThat(templates.select(false).render(HELLO.withTokens(templates.tokens())))
        .isEqualTo("<s>hello</s>");
  }

  @Test
  void toolsSelectTheTemplateForTools() throws IOException {
    file(
        "tokenizer_config.json",
        """
        {"chat_template": [{"name": "default", "template": "plain"},
                           {"name": "tool_use", "template": "tools"}]}
        """);
    ChatTemplates templates = ChatTemplates.read(folder);
    assertThat(templates.select(false).render(HELLO)).isEqualTo("plain");
    assertThat(templates.select(true).render(HELLO)).isEqualTo("tools");
  }

  @Test
  void aTemplateFileComesBeforeTheConfiguration() throws IOException {
    file("tokenizer_config.json", "{\"chat_template\": \"config\"}");
    file("chat_template.json", "{\"chat_template\": \"processor\"}");
    assertThat(ChatTemplates.read(folder).select(false).render(HELLO)).isEqualTo("config");
    file("chat_template.jinja", "file");
    file("additional_chat_templates/tool_use.jinja", "tools");
    ChatTemplates templates = ChatTemplates.read(folder);
    assertThat(templates.byName()).containsOnlyKeys("default", "tool_use");
    assertThat(templates.select(false).render(HELLO)).isEqualTo("file");
    assertThat(templates.select(true).render(HELLO)).isEqualTo("tools");
  }

  @Test
  void theProcessorsTemplateIsUsedLast() throws IOException {
    file("chat_template.json", "{\"chat_template\": \"processor\"}");
    assertThat(ChatTemplates.read(folder).select(true).render(HELLO)).isEqualTo("processor");
  }

  @Test
  void aModelWithoutTemplateSaysSoWhenOneIsWanted() {
    ChatTemplates templates = ChatTemplates.read(folder);
    assertThat(templates.isEmpty()).isTrue();
    assertThatThrownBy(() -> templates.select(false))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("no chat template");
  }

  @Test
  void aTemplateThatIsNoTextNamesTheFile() throws IOException {
    file("tokenizer_config.json", "{\"chat_template\": 5}");
    assertThatThrownBy(() -> ChatTemplates.read(folder))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("tokenizer_config.json");
  }

  @Test
  void theTemplateOfAGgufFileIsJustText() {
    ChatTemplates templates =
        ChatTemplates.of("{{ bos_token }}{{ 'on' if thinking }}", Map.of("bos_token", "<s>"));
    ChatInput input =
        HELLO.withTokens(templates.tokens()).withVariable("thinking", BooleanNode.TRUE);
    assertThat(templates.select(false).render(input)).isEqualTo("<s>on");
  }
}
