// Every page is complete without script; these modules only make it quicker.
import { quickExit } from "./leave.js";
import { panicKey } from "./panic.js";
import { idleWarning } from "./idle.js";
import { guardForms, focusErrors } from "./forms.js";
import { practice, secrets } from "./phrase.js";
import { useCalendars } from "./calendar.js";
import { progress } from "./progress.js";
import { printing } from "./printing.js";

quickExit();
panicKey();
idleWarning();
guardForms();
focusErrors();
practice();
secrets();
useCalendars();
progress();
printing();
for (const hint of document.querySelectorAll(".with-script")) hint.hidden = false;
