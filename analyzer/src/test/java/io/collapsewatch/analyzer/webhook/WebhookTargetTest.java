package io.collapsewatch.analyzer.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebhookTargetTest {

  @Test
  void isShownWithoutWhatMayBeASecret() {
    WebhookTarget target =
        WebhookTarget.parse(" https://me:pass@hooks.example.org/T0/B1?token=abc#part ");

    assertThat(target).hasToString("https://hooks.example.org:443");
    assertThat(target.address()).isEqualTo(URI.create("https://hooks.example.org/T0/B1?token=abc"));
    assertThat(target.host()).isEqualTo("hooks.example.org");
  }

  @Test
  void theUserGoesIntoAHeader() {
    // base64 of "me:pä@ss" by coreutils
    assertThat(WebhookTarget.parse("http://me:p%C3%A4%40ss@h/").authorization())
        .contains("Basic bWU6cMOkQHNz");
    assertThat(WebhookTarget.parse("http://h/").authorization()).isEmpty();
  }

  @Test
  void anAddressOfIpv6HasBracketsWhereItIsShownAndNoneWhereItIsLookedUp() {
    WebhookTarget target = WebhookTarget.parse("HTTP://[2001:db8::7]:9093");

    assertThat(target).hasToString("http://[2001:db8::7]:9093");
    assertThat(target.host()).isEqualTo("2001:db8::7");
    assertThat(target.address()).isEqualTo(URI.create("http://[2001:db8::7]:9093/"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ftp://h/secret            | it is neither http nor https
          hooks.example.org/secret  | it is neither http nor https
          https:secret              | it has no host, or one that no URL can have
          http://127.1/secret       | it has no host, or one that no URL can have
          http:///secret            | it has no host, or one that no URL can have
          http://under_score/secret | it has no host, or one that no URL can have
          http://h:0/secret         | its port is outside 1..65535
          http://h:65536/secret     | its port is outside 1..65535
          http://h/sec ret          | its character 13 cannot stand there
          ''                        | it is neither http nor https
          """)
  void isRefusedWithoutShowingIt(String text, String why) {
    assertThatThrownBy(() -> WebhookTarget.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the address of a webhook cannot be used: %s; expected http://HOST/… or https://HOST/… (it is not shown, as it may hold a secret)",
            why)
        .hasNoCause();
  }
}
