package io.collapsewatch.analyzer.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetAddressesTest {

  private static final WebhookTarget TARGET = WebhookTarget.parse("https://hooks.example.org/T0");

  /** The first and the last address of a range, or one that leads into it. */
  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, an unspecified address (0.0.0.0/8)",
    "10.0.0.0, a private address (10.0.0.0/8)",
    "10.255.255.255, a private address (10.0.0.0/8)",
    "100.64.0.0, a carrier's address (100.64.0.0/10)",
    "100.127.255.255, a carrier's address (100.64.0.0/10)",
    "127.0.0.1, a loopback address (127.0.0.0/8)",
    "169.254.169.254, a link-local address (169.254.0.0/16)",
    "172.16.0.0, a private address (172.16.0.0/12)",
    "172.31.255.255, a private address (172.16.0.0/12)",
    "192.168.1.1, a private address (192.168.0.0/16)",
    "224.0.0.1, a multicast address (224.0.0.0/4)",
    "255.255.255.255, a reserved address (240.0.0.0/4)",
    "::, an unspecified address (::/128)",
    "::1, a loopback address (::1/128)",
    "fc00::1, a private address (fc00::/7)",
    "fdff::1, a private address (fc00::/7)",
    "fe80::1, a link-local address (fe80::/10)",
    "febf::1, a link-local address (fe80::/10)",
    "ff02::1, a multicast address (ff00::/8)",
    "::ffff:127.0.0.1, a loopback address (127.0.0.0/8)",
    "::ffff:a9fe:a9fe, a link-local address (169.254.0.0/16)",
    "::192.168.1.1, a private address (192.168.0.0/16)",
    "64:ff9b::10.0.0.5, a private address (10.0.0.0/8)",
    "2002:7f00:1::1, a loopback address (127.0.0.0/8)",
  })
  void knowsAddressesThatAreNotPublic(String address, String kind) throws Exception {
    assertThat(SpecialAddresses.kind(InetAddress.getByName(address))).contains(kind);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "223.255.255.255",
        "2001:db8::1",
        "fbff::1",
        "::ffff:8.8.8.8",
        "64:ff9b::8.8.8.8"
      })
  void leavesTheOthers(String address) throws Exception {
    assertThat(SpecialAddresses.kind(InetAddress.getByName(address))).isEmpty();
  }

  @Test
  void onePrivateAddressAmongSeveralIsEnough() throws Exception {
    assertThat(addresses(false, "8.8.8.8", "10.0.0.5").refusal(TARGET))
        .contains(
            "10.0.0.5 is a private address (10.0.0.0/8), and such are refused unless --webhook-allow-private is given");
    assertThat(addresses(false, "8.8.8.8", "2001:db8::1").refusal(TARGET)).isEmpty();
    assertThat(addresses(true, "8.8.8.8", "10.0.0.5").refusal(TARGET)).isEmpty();
  }

  private static TargetAddresses addresses(boolean allowPrivate, String... found) {
    return new TargetAddresses(
        allowPrivate,
        host -> {
          assertThat(host).isEqualTo("hooks.example.org");
          InetAddress[] addresses = new InetAddress[found.length];
          for (int i = 0; i < found.length; i++) {
            addresses[i] = InetAddress.getByName(found[i]);
          }
          return addresses;
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aNameWithoutAnAddressIsToldFromARefusedOne(boolean allowPrivate) {
    TargetAddresses addresses =
        new TargetAddresses(
            allowPrivate,
            host -> {
              throw new UnknownHostException(host);
            });
    assertThatThrownBy(() -> addresses.refusal(TARGET)).isInstanceOf(UnknownHostException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:9/secret, http://127.0.0.1:9, 127.0.0.1",
    "http://[::1]/secret, http://[::1]:80, 0:0:0:0:0:0:0:1",
  })
  void whatIsWrittenAsAPrivateAddressIsRefusedAtOnce(String url, String shown, String address) {
    List<WebhookTarget> targets = List.of(WebhookTarget.parse(url));
    assertThatThrownBy(() -> new WebhookSettings(targets, false, Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching(
            "the webhook \\Q%s\\E is refused: \\Q%s\\E is a loopback address \\(.*\\), and such are refused unless --webhook-allow-private is given"
                .formatted(shown, address));
    assertThatCode(() -> new WebhookSettings(targets, true, Optional.empty()))
        .doesNotThrowAnyException();
  }

  @Test
  void theNameOfThisMachineIsRefusedAtOnceToo() {
    List<WebhookTarget> targets = List.of(WebhookTarget.parse("http://LocalHost/"));
    assertThatThrownBy(() -> new WebhookSettings(targets, false, Optional.empty()))
        .hasMessageStartingWith("the webhook http://LocalHost:80 is refused: ");
  }

  @Test
  void aDashboardIsAPage() {
    assertThatThrownBy(() -> new WebhookSettings(List.of(), false, Optional.of(URI.create("host"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the dashboard's address is \"host\"; expected one such as https://HOST/");
  }
}
