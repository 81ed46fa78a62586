"""What the figures were measured on and with."""

import os
import pathlib
import platform
import re
import subprocess

from rig import build
from rig.peers import java_version, jvm_flags
from rig.settings import BENCH, ROOT


def describe(options):
    """The machine, and what of it the bench uses."""
    info = pathlib.Path("/proc/cpuinfo").read_text()
    model = re.search(r"model name\s*:\s*(.+)", info)
    memory = int(re.search(r"MemTotal:\s+(\d+)", pathlib.Path("/proc/meminfo").read_text()).group(1))
    siblings = pathlib.Path(f"/sys/devices/system/cpu/cpu{options.gateway_core}/topology/thread_siblings_list")
    shared = siblings.read_text().strip() if siblings.exists() else "unknown"
    return {
        "Processor": model.group(1) if model else platform.machine(),
        "Cores": f"{os.cpu_count()}; {options.gateway_core} for the gateway, {options.rig_core} for the rig; threads"
                 f" of the gateway’s core: {shared}",
        "Virtual machine": "yes" if re.search(r"^flags.*\bhypervisor\b", info, re.M) else "no",
        "Memory": f"{memory / 1024 / 1024:.1f} GiB",
        "Kernel": f"{platform.system()} {platform.release()}",
    }


def versions(*names):
    """What is compared, and with what; all of it without names."""
    pom = BENCH / "peers/pom.xml"
    told = {
        "Keygate": lambda: f"{build.pom_property(ROOT / 'pom.xml', 'version')}, commit {_commit()}",
        "JDK": lambda: f"{java_version()}, {' '.join(jvm_flags())}",
        "Vert.x": lambda: build.pom_property(pom, "vertx.version"),
        "Netty": lambda: build.pom_property(pom, "netty.version"),
        "Spring Boot": lambda: build.pom_property(pom, "spring-boot.version"),
        "Spring Cloud": lambda: build.pom_property(pom, "spring-cloud.version"),
        "nginx": lambda: _told(build.NGINX, "-v").partition("/")[2],
        "wrk": lambda: _told("wrk", "-v").split()[1],
        "h2load": lambda: _told("h2load", "--version").partition("/")[2],
        "gcc": lambda: _told("gcc", "-dumpfullversion"),
        "JMH": lambda: build.pom_property(pom, "jmh.version"),
    }
    return {name: tell() for name, tell in told.items() if name in names or (not names and name != "JMH")}


def _commit():
    commit = _told("git", "-C", ROOT, "rev-parse", "--short", "HEAD")
    changed = _told("git", "-C", ROOT, "status", "--porcelain", "--", "src", "pom.xml", "conf")
    return commit + (" with changes" if changed else "")


def _told(*command):
    ended = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    return (ended.stdout + ended.stderr).strip().split("\n")[0]
