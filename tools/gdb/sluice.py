# Commands for GDB: the tasks of a program that uses Sluice, and the stack of one that is parked.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# The layouts are taken from the debug information, so the runtime must have been built with it.
import contextlib

import gdb

REGISTERS = {  # what a switch keeps, see core/context_*.hpp
    "x86-64": ("rsp", "rip", "rbp"),
    "aarch64": ("sp", "pc", "x29"),
}
ANONYMOUS = "sluice::core::(anonymous namespace)::"


def global_variable(name):
    symbol = gdb.lookup_global_symbol(name) or gdb.lookup_static_symbol(name)
    if symbol is not None:
        return symbol.value()
    for spelling in (f"'{name}'", name):
        with contextlib.suppress(gdb.error):
            return gdb.parse_and_eval(spelling)
    raise gdb.GdbError(f"no '{name}': the runtime has no debug information, or is not loaded")


def atomic(value):
    """What a std::atomic holds: its innermost first member, in every standard library."""
    while value.type.strip_typedefs().code == gdb.TYPE_CODE_STRUCT:
        members = value.type.strip_typedefs().fields()
        value = value[next(m for m in members if hasattr(m, "bitpos"))]  # a static one has none
    return value


def text(pointer):
    return pointer.string(errors="replace") if int(pointer) else ""


def short_enum(value):
    return str(value).rsplit("::", 1)[-1]


def place(location):
    """A std::source_location, in libstdc++ and in libc++."""
    fields = location.type.strip_typedefs().fields()
    pointers = [f for f in fields if f.type.strip_typedefs().code == gdb.TYPE_CODE_PTR]
    pointer = location[pointers[0].name] if pointers else None
    if pointer is None or int(pointer) == 0:
        return ""
    record = pointer.dereference()
    file = next(record[f.name] for f in record.type.fields() if "file_name" in f.name)
    line = next(record[f.name] for f in record.type.fields() if "line" in f.name)
    return f"{text(file)}:{int(line)}" if int(line) else ""


class Task:
    """One task as the books have it."""

    def __init__(self, record):
        self.record = record
        self.id = int(record["id"])
        self.name = text(record["name"])
        self.started_at = place(record["started_at"])
        self.state = short_enum(atomic(record["state"]))
        self.operation = self.on = self.at = self.since = ""
        if self.state == "blocked":
            self.describe_wait()

    def describe_wait(self):
        self.operation = short_enum(self.record["reason"])
        self.at = place(self.record["where"])
        now = int(atomic(global_variable("sluice::core::coarse_clock")))
        self.since = f"{(now - int(self.record['since'])) & 0xFFFFFFFF} ms"
        if int(self.record["on"]):
            on = self.record["on"].dereference()
            name = text(on["name"])
            self.on = short_enum(on["kind"]) + (f" '{name}'" if name else "")

    @property
    def parked(self):
        return self.state == "blocked"


def slabs():
    slab = atomic(global_variable(ANONYMOUS + "pool")["slabs"])
    while int(slab):
        yield slab.dereference()
        slab = slab.dereference()["next"]


def place_of_task(slab, index, task_type):
    """As task_place() in core/stack_pool.cpp."""
    slot = (int(slab["to"]) - int(slab["from"])) // int(slab["count"])
    end = int(slab["from"]) + (index + 1) * slot
    return end - end // slot % 16 * 128 - task_type.sizeof


def tasks():
    """Every task that has had its first turn and has not ended."""
    gone = returned_marks()
    task_type = gdb.lookup_type("sluice::core::task")
    for slab in slabs():
        for index in range(0 if bool(slab["forgotten"]) else int(atomic(slab["carved"]))):
            if int(atomic(slab["marks"][index])) & gone:
                continue
            address = place_of_task(slab, index, task_type)
            record = gdb.Value(address).cast(task_type.pointer()).dereference()
            if short_enum(atomic(record["state"])) not in ("free", "finished"):
                yield Task(record)


def returned_marks():
    """The bits of a slot whose memory was given back to the system."""
    fields = gdb.lookup_type(ANONYMOUS + "slot_mark").fields()
    return sum(f.enumval for f in fields if f.name.rsplit("::", 1)[-1] in ("returning", "returned"))


class InfoTasks(gdb.Command):
    """List the tasks of the program: info sluice-tasks.

One line a task: its number, name, state, what it waits in and on, since when, where, and where it
was started."""

    def __init__(self):
        super().__init__("info sluice-tasks", gdb.COMMAND_STATUS)

    def invoke(self, argument, from_tty):
        found = sorted(tasks(), key=lambda t: t.id)
        rows = [("id", "name", "state", "operation", "on", "since", "at", "started at")]
        for t in found:
            name = t.name or "-"
            rows.append((str(t.id), name, t.state, t.operation, t.on, t.since, t.at,
                         t.started_at))
        widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
        for row in rows:
            print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
        print(f"{len(found)} task{'' if len(found) == 1 else 's'}")


@contextlib.contextmanager
def registers_of(record):
    """The selected thread as if it ran where the task is parked; put back afterwards."""
    architecture = gdb.selected_inferior().architecture().name()
    kept = REGISTERS["aarch64" if "aarch64" in architecture else "x86-64"]
    frame = gdb.newest_frame()
    frame.select()
    old = [int(gdb.parse_and_eval(f"(unsigned long)${name}")) for name in kept]
    saved = record["saved"]
    try:
        for name, field in zip(kept, ("sp", "pc", "fp")):
            gdb.execute(f"set var ${name} = {int(saved[field])}", to_string=True)
            gdb.newest_frame().select()
        yield
    finally:
        for name, value in zip(kept, old):
            gdb.newest_frame().select()
            gdb.execute(f"set var ${name} = {value}", to_string=True)
        gdb.newest_frame().select()


class Stack(gdb.Command):
    """Show the stack of a parked task: sluice-stack ID [BACKTRACE-OPTION...].

ID is that of 'info sluice-tasks'. Needs a process: registers of a core file cannot be set."""

    def __init__(self):
        super().__init__("sluice-stack", gdb.COMMAND_STACK)

    def invoke(self, argument, from_tty):
        words = argument.split(None, 1)
        if not words or not words[0].isdigit():
            raise gdb.GdbError("expected the number of a task, as 'info sluice-tasks' lists it")
        task = next((t for t in tasks() if t.id == int(words[0])), None)
        if task is None:
            raise gdb.GdbError(f"there is no task {words[0]}")
        if not task.parked:
            raise gdb.GdbError(f"task {task.id} is not parked, it is {task.state}")
        with registers_of(task.record):
            gdb.execute("backtrace " + "".join(words[1:]), from_tty)


InfoTasks()
Stack()
