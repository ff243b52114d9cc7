// The one module a page names. Everything here only quickens what plain links and forms already do.
import { startAutosave } from "./autosave.js";
import { startBoard } from "./board.js";
import { startCountdowns } from "./countdown.js";
import { startDialogs } from "./dialogs.js";
import { startFolds } from "./folds.js";
import { startLive } from "./live.js";
import { startNotices } from "./notices.js";
import { startPalette } from "./palette.js";
import { startPeople } from "./people.js";
import { startPrint } from "./print.js";
import { startRecordKeys } from "./record-keys.js";
import { startShortcuts } from "./shortcuts.js";
import { startTheme } from "./theme.js";

startBoard();
startCountdowns();
startDialogs();
startFolds();
startNotices();
startPalette();
startPeople();
startPrint();
startRecordKeys();
startShortcuts();
startTheme();
startAutosave();
startLive();
