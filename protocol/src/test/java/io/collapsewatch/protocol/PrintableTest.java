package io.collapsewatch.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {

  @Test
  void plainTextStandsInQuotes() {
    assertThat(Printable.quote("loß 損失 🙂")).isEqualTo("\"loß 損失 🙂\"");
    assertThat(Printable.quote("")).isEqualTo("\"\"");
  }

  @Test
  void quotesAndBackslashesAreEscaped() {
    assertThat(Printable.quote("a\"b\\c")).isEqualTo("\"a\\\"b\\\\c\"");
  }

  @Test
  void whatCouldMoveACursorOrTurnALineIsEscaped() {
    assertThat(Printable.quote("a\n\u001b[31m\u2028\u202e\u0085"))
        .isEqualTo("\"a\\u000a\\u001b[31m\\u2028\\u202e\\u0085\"");
  }

  @Test
  void halvesOfPairsAndUnassignedCharactersAreEscaped() {
    assertThat(Printable.quote("\ud83d!")).isEqualTo("\"\\ud83d!\"");
    assertThat(Printable.quote("\uffff")).isEqualTo("\"\\uffff\"");
    assertThat(Printable.quote("\udb40\udc01")).isEqualTo("\"\\udb40\\udc01\"");
  }

  @Test
  void longTextIsCutAfterEightyCharacters() {
    assertThat(Printable.quote("x".repeat(80))).isEqualTo('"' + "x".repeat(80) + '"');
    assertThat(Printable.quote("🙂".repeat(81))).isEqualTo('"' + "🙂".repeat(80) + "…\"");
  }

  @Test
  void theLengthAfterWhichItIsCutCanBeChosen() {
    assertThat(Printable.quote("one\ntwo", 5)).isEqualTo("\"one\\u000at…\"");
  }
}
