/**
 * What tests of the page stand on. A test class with {@link io.collapsewatch.browser.InBrowser}
 * gets a {@link io.collapsewatch.browser.Tab} of a real Chromium.
 */
package io.collapsewatch.browser;
