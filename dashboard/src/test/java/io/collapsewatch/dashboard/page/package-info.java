/** What tests of the page stand on: {@link io.collapsewatch.dashboard.page.Browser} opens tabs. */
package io.collapsewatch.dashboard.page;
