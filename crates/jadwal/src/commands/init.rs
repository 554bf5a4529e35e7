//! `jadwal init`: a commented configuration, an inbox and one sample to begin with.

use std::fs;
use std::path::Path;

use crate::exit::ExitStatus;
use crate::failure::Failure;
use crate::terminal::{GREEN, err, styled};

/// The example at the root of the repository; a test checks that it loads.
const EXAMPLE: &str = include_str!("../../../../pipeline.toml");
const SAMPLE: &str = include_str!("../../../../samples/harbour-ar.txt");

/// Writes the files into `dir`; refuses to overwrite.
pub(crate) fn run(dir: &Path) -> Result<ExitStatus, Failure> {
    let config = dir.join("pipeline.toml");
    let inbox = dir.join("inbox");
    let sample = inbox.join("harbour-ar.txt");
    for path in [&config, &sample] {
        if path.symlink_metadata().is_ok() {
            return Err(
                Failure::usage(format!("`{}` is there already", path.display()))
                    .with_hint("choose another folder, or move it away"),
            );
        }
    }
    let doing = |path: &Path| format!("write `{}`", path.display());
    fs::create_dir_all(&inbox).map_err(|error| Failure::doing(doing(&inbox), error))?;
    write_new(&config, EXAMPLE).map_err(|error| Failure::doing(doing(&config), error))?;
    write_new(&sample, SAMPLE).map_err(|error| Failure::doing(doing(&sample), error))?;
    for path in [&config, &sample] {
        err(format_args!(
            "{} {}",
            styled(GREEN, "wrote"),
            path.display()
        ));
    }
    let place = if dir == Path::new(".") {
        String::new()
    } else {
        format!("cd {} && ", dir.display())
    };
    err(format_args!("next: {place}jadwal batch"));
    Ok(ExitStatus::Done)
}

/// Writes a file that is not there yet, even if another process makes it meanwhile.
fn write_new(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    let mut file = fs::File::create_new(path)?;
    file.write_all(text.as_bytes())
}
