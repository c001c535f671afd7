// What makes pages easier where there is JavaScript; every page works without it.
import { saveAsOneGoes } from "./autosave.js";
import { closeOutside } from "./closes.js";
import { copyButtons } from "./copy.js";
import { keepDrafts } from "./drafts.js";
import { followTasks } from "./follow.js";
import { sendFilters } from "./filters.js";
import { showPresentTab } from "./tabs.js";
import { sayTold } from "./told.js";
import { watchForms } from "./unsaved.js";

closeOutside();
saveAsOneGoes();
copyButtons();
followTasks();
sendFilters();
sayTold();
showPresentTab();
keepDrafts();
watchForms();

// The summary of a form's errors is where reading goes on.
document.querySelector("[data-focus]")?.focus();
