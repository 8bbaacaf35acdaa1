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

async function get(path) {
  const answer = await fetch(path, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw await problem(answer);
  return answer.json();
}

async function problem(answer) {
  const body = await answer.json().catch(() => ({}));
  return new ApiError(
    answer.status,
    body.reason ?? "unknown",
    body.detail ?? `the server answered ${answer.status} ${answer.statusText}`,
  );
}
