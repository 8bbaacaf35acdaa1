package io.collapsewatch.dashboard.api;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.javalin.http.NotFoundResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/** The page's files, from {@code /ui} of the class path; and the description of the API. */
final class Pages {

  private Pages() {}

  /** Names of letters, digits and single dots: no way out of the folder. */
  private static final Pattern PATH =
      Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*(/[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*)*");

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "mjs", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml",
          "png", "image/png",
          "ico", "image/x-icon",
          "woff2", "font/woff2",
          "json", "application/json",
          "txt", "text/plain; charset=utf-8");

  // Made to be sent at once.
  @SuppressWarnings("ArrayRecordComponent")
  private record Page(byte[] bytes, String type, String etag) {}

  static void addTo(RoutesConfig routes) {
    routes.get("/", ctx -> answer(ctx, "/ui/index.html"));
    for (String page : new String[] {"run.html", "compare.html"}) {
      routes.get("/" + page, ctx -> answer(ctx, "/ui/" + page));
    }
    routes.get("/ui/<path>", Pages::file);
    routes.get("/openapi.json", ctx -> answer(ctx, "/io/collapsewatch/dashboard/api/openapi.json"));
  }

  private static void file(Context ctx) {
    String path = ctx.pathParam("path");
    if (!PATH.matcher(path).matches()) {
      throw new NotFoundResponse();
    }
    answer(ctx, "/ui/" + path);
  }

  private static void answer(Context ctx, String resource) {
    Page page = read(resource).orElseThrow(NotFoundResponse::new);
    // Another build has other files: to be asked for again each time, but not sent again.
    ctx.header("Cache-Control", "no-cache").header("ETag", page.etag);
    if (page.etag.equals(ctx.header("If-None-Match"))) {
      ctx.status(HttpStatus.NOT_MODIFIED);
    } else {
      ctx.contentType(page.type).result(page.bytes);
    }
  }

  private static Optional<Page> read(String resource) {
    String type = TYPES.get(resource.substring(resource.lastIndexOf('.') + 1));
    try (InputStream in = Pages.class.getResourceAsStream(resource)) {
      if (in == null || type == null) {
        return Optional.empty();
      }
      byte[] bytes = in.readAllBytes();
      CRC32 sum = new CRC32();
      sum.update(bytes);
      String etag = "\"%x-%x\"".formatted(bytes.length, sum.getValue());
      return Optional.of(new Page(bytes, type, etag));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + resource, e);
    }
  }
}
