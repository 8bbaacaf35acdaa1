/** An answer that is not the one asked for, with the server's sentence. */
export class ApiError extends Error {
  constructor(status, reason, detail) {
    super(detail);
    this.status = status;
    this.reason = reason;
  }
}

/** Adds parameters to a path; lists are repeated, what is undefined is left out. */
export function address(path, parameters = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const one of [value].flat()) if (one !== undefined && one !== null) query.append(name, one);
  }
  return query.size ? `${path}?${query}` : path;
}

const ofRun = (run, what = "") => `api/v1/runs/${encodeURIComponent(run)}${what}`;

export const runs = () => get("api/v1/runs");
export const run = (id) => get(ofRun(id));
export const catalog = () => get("api/v1/catalog");
export const series = (id, parameters) => get(address(ofRun(id, "/series"), parameters));
export const margins = (id, parameters) => get(address(ofRun(id, "/margins"), parameters));
export const csvAddress = (id, parameters) => address(ofRun(id, "/series.csv"), parameters);

/** Takes a run off every page. A server with a token has the browser ask for it. */
export const hide = (id) => ask(ofRun(id), { method: "DELETE" });

async function get(path) {
  const answer = await ask(path, { headers: { Accept: "application/json" } });
  return answer.json();
}

async function ask(path, request) {
  const answer = await fetch(path, request).catch(() => {
    throw new ApiError(0, "unreachable", "the dashboard's server does not answer");
  });
  if (!answer.ok) throw await problem(answer);
  return answer;
}

async function problem(answer) {
  const body = await answer.json().catch(() => ({}));
  return new ApiError(
    answer.status,
    body.reason ?? "unknown",
    body.detail ?? `the server answered ${answer.status} ${answer.statusText}`,
  );
}
