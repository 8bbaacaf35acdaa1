import { keepAges } from "../elements/cw-age.js";
import "../elements/cw-chart.js";
import "../elements/cw-header.js";
import "../elements/cw-run-list.js";
import "../elements/cw-view-bar.js";
import { Feed } from "../lib/feed.js";
import { ComparePage } from "./compare-page.js";

const runs = (new URLSearchParams(location.search).get("runs") ?? "").split(",").filter(Boolean);
const feed = new Feed();
const page = new ComparePage([...new Set(runs)]);

document.querySelector("cw-header").follow(feed);
feed.addEventListener("up", () => page.load());
feed.addEventListener("run", (event) => page.changed(event.detail));
feed.start();
keepAges(feed);
