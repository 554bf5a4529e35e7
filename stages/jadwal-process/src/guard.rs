//! Kills the children of a Jadwal that was killed itself.
//!
//! A child that reads its standard input ends when Jadwal does: the pipe is closed. One that hangs in
//! a computation does not. The kernel's own means (`PR_SET_PDEATHSIG`) needs unsafe code between fork
//! and exec, and it fires when the *thread* that started the child ends. So a shell waits beside the
//! children, in a process group of its own: it is told their groups, and when its input ends, however
//! Jadwal ended, it kills those that are left.

use std::io::Write;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

use rustix::process::Pid;
use tracing::warn;

/// Signals to the terminal's group or to a service don't reach it: it must outlive Jadwal.
const SCRIPT: &str = "
trap '' HUP INT TERM
groups=
while read -r sign group; do
    rest=
    for one in $groups; do [ \"$one\" = \"$group\" ] || rest=\"$rest $one\"; done
    groups=$rest
    [ \"$sign\" = + ] && groups=\"$groups $group\"
done
for one in $groups; do kill -s KILL -- \"-$one\" 2>/dev/null; done
";

/// The guard of one stage's children; ends when it is dropped.
#[derive(Debug)]
pub(crate) struct Guard {
    shell: Option<Child>,
}

impl Guard {
    /// Starts the guard. Where there is no shell, children that hang outlive a Jadwal that is killed.
    pub(crate) fn start() -> Self {
        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", SCRIPT])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .current_dir("/")
            .process_group(0);
        let shell = command
            .spawn()
            .inspect_err(
                |error| warn!(%error, "no guard: a killed Jadwal may leave a process behind"),
            )
            .ok();
        Self { shell }
    }

    /// Begins to watch over the process group `group`.
    pub(crate) fn watch(&mut self, group: Pid) {
        self.tell('+', group);
    }

    /// Ends it; to be told before the group's leader is reaped, while the number is still its own.
    pub(crate) fn release(&mut self, group: Pid) {
        self.tell('-', group);
    }

    fn tell(&mut self, sign: char, group: Pid) {
        let stdin = self.shell.as_mut().and_then(|shell| shell.stdin.as_mut());
        let Some(stdin) = stdin else { return };
        if let Err(error) = writeln!(stdin, "{sign} {}", group.as_raw_nonzero()) {
            warn!(%error, "the guard is gone: a killed Jadwal may leave a process behind");
            self.shell = None;
        }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(mut shell) = self.shell.take() {
            drop(shell.stdin.take());
            // It ends at the end of its input; waiting for it leaves no zombie.
            if let Err(error) = shell.wait() {
                warn!(%error, "the guard could not be waited for");
            }
        }
    }
}
