/**
 * What a browser or a program may ask of the dashboard, over HTTP; described in {@code
 * openapi.json}. {@link io.collapsewatch.dashboard.api.ApiServer} is its door; nothing else here
 * knows the web server.
 */
package io.collapsewatch.dashboard.api;
