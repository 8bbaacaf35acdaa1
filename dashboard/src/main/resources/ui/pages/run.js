import { keepAges } from "../elements/cw-age.js";
import "../elements/cw-alerts.js";
import "../elements/cw-cosines.js";
import "../elements/cw-gauge.js";
import "../elements/cw-glance.js";
import "../elements/cw-header.js";
import "../elements/cw-margins.js";
import "../elements/cw-run-head.js";
import "../elements/cw-theory.js";
import "../elements/cw-variability.js";
import "../elements/cw-view-bar.js";
import "../elements/cw-window.js";
import { Feed } from "../lib/feed.js";
import { perFrame } from "../lib/frames.js";
import { RunPage } from "./run-page.js";

const id = new URLSearchParams(location.search).get("run") ?? "";
document.title = `${id} · CollapseWatch`;

const feed = new Feed(id);
const page = new RunPage(id);
const reported = perFrame("live-update", (reports) => page.takeReports(reports));
const changed = perFrame("live-summary", (summaries) => page.takeSummary(summaries[summaries.length - 1]));

document.querySelector("cw-header").follow(feed);
feed.addEventListener("up", () => page.load());
feed.addEventListener("report", (event) => reported(event.detail));
feed.addEventListener("curve", (event) => page.takeCurve(event.detail));
feed.addEventListener("run", (event) => event.detail.run === id && changed(event.detail));
feed.addEventListener("alert", (event) => event.detail.run === id && page.takeAlert(event.detail));
feed.addEventListener("gone", (event) => event.detail.run === id && page.hidden());
feed.start();
keepAges(feed);
