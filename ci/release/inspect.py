"""Prints, as JSON, what the addons named on the command line say of themselves."""

import json
import sys

import lief

lief.logging.disable()


def elf(binary):
    segments = {segment.type: segment for segment in binary.segments}
    tags = {entry.tag: entry for entry in binary.dynamic_entries}
    flags = tags.get(lief.ELF.DynamicEntry.TAG.FLAGS)
    flags_1 = tags.get(lief.ELF.DynamicEntry.TAG.FLAGS_1)
    now = lief.ELF.DynamicEntry.TAG.BIND_NOW in tags
    now = now or (flags is not None and flags.has(lief.ELF.DynamicEntryFlags.FLAG.BIND_NOW))
    now = now or (flags_1 is not None and flags_1.has(lief.ELF.DynamicEntryFlags.FLAG.NOW))
    stack = segments.get(lief.ELF.Segment.TYPE.GNU_STACK)
    executable = int(lief.ELF.Segment.FLAGS.X)
    writable = int(lief.ELF.Segment.FLAGS.W)
    return {
        "os": "linux",
        "libraries": list(binary.libraries),
        "versions": sorted(
            {
                auxiliary.name
                for requirement in binary.symbols_version_requirement
                for auxiliary in requirement.get_auxiliary_symbols()
            }
        ),
        "exports": sorted({symbol.name for symbol in binary.exported_symbols}),
        "searchPaths": [
            str(entry)
            for tag, entry in tags.items()
            if tag in (lief.ELF.DynamicEntry.TAG.RPATH, lief.ELF.DynamicEntry.TAG.RUNPATH)
        ],
        "stripped": not any(
            section.name == ".symtab" or section.name.startswith(".debug")
            for section in binary.sections
        ),
        "hardening": {
            "the stack cannot be executed": stack is not None and not int(stack.flags) & executable,
            "relocations are read-only": lief.ELF.Segment.TYPE.GNU_RELRO in segments and now,
            "nothing is both writable and executable": not any(
                int(segment.flags) & executable and int(segment.flags) & writable
                for segment in binary.segments
            ),
            "its code has no relocations": lief.ELF.DynamicEntry.TAG.TEXTREL not in tags,
        },
    }


def pe(binary):
    characteristics = binary.optional_header.dll_characteristics_lists
    names = {item.name for item in characteristics}
    return {
        "os": "win32",
        "libraries": [item.name for item in binary.imports],
        "versions": [],
        "exports": sorted(entry.name for entry in binary.get_export().entries)
        if binary.has_exports
        else [],
        "searchPaths": [],
        "stripped": len(list(binary.symbols)) == 0,
        "hardening": {
            "data cannot be executed": "NX_COMPAT" in names,
            "it is loaded anywhere": "DYNAMIC_BASE" in names,
            "with high entropy": "HIGH_ENTROPY_VA" in names,
        },
    }


def macho(binary):
    return {
        "os": "darwin",
        "libraries": [library.name for library in binary.libraries],
        "versions": [],
        "exports": sorted({symbol.name.removeprefix("_") for symbol in binary.exported_symbols}),
        "searchPaths": [path.path for path in binary.rpaths],
        "stripped": not any(
            section.segment_name == "__DWARF" for section in binary.sections
        ),
        "hardening": {
            "its stack cannot be executed": binary.has_nx,
            "it is loaded anywhere": binary.header.file_type == lief.MachO.Header.FILE_TYPE.DYLIB
            or binary.is_pie,
        },
    }


ARCHITECTURES = {
    "X86_64": "x64",
    "AMD64": "x64",
    "AARCH64": "arm64",
    "ARM64": "arm64",
}


def inspect(path):
    binary = lief.parse(path)
    if binary is None:
        return {"problem": "it is no binary of a kind that is known"}
    if isinstance(binary, lief.ELF.Binary):
        facts, machine = elf(binary), binary.header.machine_type
    elif isinstance(binary, lief.PE.Binary):
        facts, machine = pe(binary), binary.header.machine
    else:
        facts, machine = macho(binary), binary.header.cpu_type
    return {**facts, "cpu": ARCHITECTURES.get(machine.name, machine.name)}


json.dump([inspect(path) for path in sys.argv[1:]], sys.stdout)
