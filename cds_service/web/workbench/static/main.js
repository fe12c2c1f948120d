// Puts the parts of the page together.

import { makeCards } from "./cards.js";
import { makeCheck } from "./check.js";
import { makeCopies } from "./copy.js";
import { byId } from "./dom.js";
import { makeFire } from "./fire.js";
import { makeOrders } from "./orders.js";
import { makePatients } from "./patients.js";
import { makePreview } from "./preview.js";
import { makeServices } from "./services.js";
import { makeShare } from "./share.js";
import { makeTabs } from "./tabs.js";
import { makeTimeline } from "./timeline.js";

const timeline = makeTimeline();
makeTabs(document.querySelector(".views"));
const showTab = makeTabs(document.querySelector(".tabs"), (id) => timeline.shown(id === "tab-timeline"));
const orders = makeOrders();
const services = makeServices();
const call = makeFire(orders, showTab);
const patients = makePatients(orders, () => {
  call.patientChanged();
  timeline.patientChanged();
});
makeCards(orders, call.last);
makeCopies(call.last);
makeCheck();
makePreview();
makeShare(orders, services);

services.list();
if (byId("fhir").value) patients.find();
document.documentElement.dataset.ready = "yes";
