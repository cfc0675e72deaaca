import {
  exitedAsked,
  goneAsked,
  hookLate,
  noteChecked,
  noteClosed,
  noteFailed,
  noteRefused,
  noteSaved,
  noteStopped,
  noteStopping,
  partAsked,
} from "./asked.ts";
import { builtBeside, builtLeaving, builtLive, spawnedBeside } from "./building.ts";
import {
  failBeside,
  greetBeside,
  outdate,
  partBeside,
  proceed,
  readyBeside,
  replaceStale,
} from "./candidate.ts";
import {
  amend,
  begin,
  endBackoff,
  queueSecondTry,
  reconsider,
  restartNow,
  settle,
  settlingLate,
  tryAgain,
  wake,
} from "./changes.ts";
import {
  drained,
  escalateLate,
  exitedLeaving,
  goneLeaving,
  greetLeaving,
  greetStopping,
  holdUp,
  outliveKill,
  signalLeader,
  tellAlive,
} from "./departing.ts";
import type { Event } from "./event.ts";
import { checkUnasked, keepUnasked, part, tellError } from "./participants.ts";
import { exited, failSpawn, gone, goneAborting } from "./processes.ts";
import { becomeReady, readyEarly, readyLate } from "./ready.ts";
import {
  endIdle,
  queueRestart,
  restart,
  restartLeaving,
  startNow,
  stop,
  stopDeparting,
} from "./requests.ts";
import { greetLive } from "./greeting.ts";
import { noteRewind } from "./rewinding.ts";
import { noteSpawned } from "./starting.ts";
import {
  amendSaving,
  bootingLate,
  checkpointChecked,
  checkpointLate,
  checkpointRefused,
  hurry,
  partSaving,
} from "./saving.ts";
import {
  amendPreparing,
  exitedPreparing,
  failPreparing,
  gonePreparing,
  notePrepared,
  restartUnprepared,
  stopPreparing,
} from "./preparing.ts";
import { amendStep, noteDeclined, noteDone, partStep, restartStep, stepLate } from "./stepping.ts";
import type { StateName } from "./state.ts";
import { type Handler, ignore } from "./transition.ts";

/** The columns of the table. */
export const COLUMNS = [
  "idle",
  "settling",
  "running",
  "stepping",
  "preparing",
  "booting",
  "aborting",
  "saving",
  "stopping",
  "leaving",
  "ended",
] as const satisfies readonly StateName[];

type Row<T extends Event["type"], C extends readonly StateName[] = typeof COLUMNS> = {
  readonly [I in keyof C]: Handler<C[I], T>;
};

/** An event that means nothing in a state. */
const _____ = ignore;

/**
 * What is done about each event in each state: a row an event, a column a state. A missing row, a row that is
 * too short and a handler in the column of another state do not compile.
 */
// deno-fmt-ignore: a table is read by its columns
export const TABLE: { readonly [T in Event["type"]]: Row<T> } = {
  //                    idle        settling      running       stepping      preparing          booting            aborting        saving             stopping       leaving         ended
  changed:             [wake,       amend,        begin,        amendStep,    amendPreparing,    outdate,           reconsider,     amendSaving,       _____,         holdUp,         _____],
  rewritten:           [_____,      _____,        tryAgain,     _____,        _____,             replaceStale,      queueSecondTry, _____,             _____,         _____,          _____],
  settled:             [_____,      settle,       _____,        _____,        _____,             proceed,           _____,          _____,             _____,         _____,          _____],
  prepared:            [_____,      _____,        _____,        _____,        notePrepared,      _____,             _____,          _____,             _____,         _____,          _____],
  "command failed":    [_____,      _____,        _____,        _____,        failPreparing,     _____,             _____,          _____,             _____,         _____,          _____],
  restart:             [startNow,   restartNow,   restart,      restartStep,  restartUnprepared, _____,             queueRestart,   hurry,             _____,         restartLeaving, _____],
  rewind:              [noteRewind, noteRewind,   noteRewind,   noteRewind,   noteRewind,        noteRewind,        noteRewind,     noteRewind,        noteRewind,    noteRewind,     _____],
  stop:                [endIdle,    stop,         stop,         stop,         stopPreparing,     stop,              stop,           stop,              stopDeparting, stopDeparting,  _____],
  spawned:             [_____,      _____,        noteSpawned,  _____,        _____,             spawnedBeside,     _____,          _____,             _____,         _____,          _____],
  built:               [_____,      builtLive,    builtLive,    _____,        _____,             builtBeside,       _____,          _____,             _____,         builtLeaving,   _____],
  "spawn failed":      [_____,      _____,        failSpawn,    _____,        _____,             failBeside,        _____,          _____,             _____,         _____,          _____],
  hello:               [_____,      greetLive,    greetLive,    greetLive,    greetLive,         greetBeside,       greetLive,      greetLive,         greetStopping, greetLeaving,   _____],
  ready:               [_____,      becomeReady,  becomeReady,  becomeReady,  becomeReady,       readyBeside,       becomeReady,    becomeReady,       readyEarly,    readyEarly,     _____],
  stopping:            [_____,      _____,        _____,        noteStopping, _____,             _____,             _____,          _____,             noteStopping,  _____,          _____],
  stopped:             [_____,      _____,        _____,        _____,        _____,             _____,             _____,          _____,             noteStopped,   _____,          _____],
  failed:              [_____,      _____,        _____,        _____,        _____,             _____,             _____,          _____,             noteFailed,    _____,          _____],
  saved:               [_____,      checkUnasked, checkUnasked, checkUnasked, checkUnasked,      checkUnasked,      checkUnasked,   checkUnasked,      noteSaved,     _____,          _____],
  "listener closed":   [_____,      _____,        _____,        _____,        _____,             _____,             _____,          _____,             noteClosed,    _____,          _____],
  refused:             [_____,      _____,        _____,        _____,        _____,             checkpointRefused, _____,          checkpointRefused, noteRefused,   _____,          _____],
  done:                [_____,      _____,        _____,        noteDone,     _____,             _____,             _____,          _____,             _____,         _____,          _____],
  declined:            [_____,      _____,        _____,        noteDeclined, _____,             _____,             _____,          _____,             _____,         _____,          _____],
  checked:             [_____,      keepUnasked,  keepUnasked,  keepUnasked,  keepUnasked,       checkpointChecked, keepUnasked,    checkpointChecked, noteChecked,   keepUnasked,    _____],
  disconnected:        [_____,      part,         part,         partStep,     part,              partBeside,        part,           partSaving,        partAsked,     part,           _____],
  "protocol error":    [tellError,  tellError,    tellError,    tellError,    tellError,         tellError,         tellError,      tellError,         tellError,     tellError,      _____],
  "participants left": [_____,      _____,        _____,        _____,        _____,             _____,             _____,          _____,             _____,         signalLeader,   _____],
  drained:             [_____,      _____,        _____,        _____,        _____,             _____,             _____,          _____,             _____,         drained,        _____],
  exited:              [_____,      exited,       exited,       exited,       exitedPreparing,   exited,            exited,         exited,            exitedAsked,   exitedLeaving,  _____],
  "not killed":        [_____,      tellAlive,    tellAlive,    tellAlive,    tellAlive,         tellAlive,         tellAlive,      tellAlive,         tellAlive,     outliveKill,    _____],
  gone:                [_____,      gone,         gone,         gone,         gonePreparing,     gone,              goneAborting,   gone,              goneAsked,     goneLeaving,    _____],
  deadline:            [endBackoff, settlingLate, readyLate,    stepLate,     readyLate,         bootingLate,       readyLate,      checkpointLate,    hookLate,      escalateLate,   _____],
};
