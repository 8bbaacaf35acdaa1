package io.collapsewatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AddressesTest {

  @Test
  void anAddressOfIpv6StandsInBrackets() {
    assertThat(Addresses.dashboard("::1", 7070)).isEqualTo("http://[::1]:7070/");
    assertThat(Addresses.captures("[::1]", 7071)).isEqualTo("http://[::1]:7071/v1/capture");
  }

  @Test
  void otherHostsStandAsTheyAre() {
    assertThat(Addresses.dashboard("0.0.0.0", 7070)).isEqualTo("http://0.0.0.0:7070/");
    assertThat(Addresses.captures("localhost", 7071)).isEqualTo("http://localhost:7071/v1/capture");
  }
}
