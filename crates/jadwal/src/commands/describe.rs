//! `jadwal stages`, `schema` and `graph`: what there is, made from the specs and the plan.

use std::fmt::Write as _;

use jadwal_core::Fact;
use jadwal_core::spec::ErasedSpec;
use serde_json::Value;

use crate::cli::GraphFormat;
use crate::exit::ExitStatus;
use crate::failure::Failure;
use crate::registry::Registry;
use crate::settings::Settings;
use crate::terminal::{BOLD, CYAN, DIM, out, styled};

/// Lists the stages, or describes one.
pub(crate) fn stages(
    registry: &Registry,
    kind: Option<&str>,
    markdown: bool,
) -> Result<ExitStatus, Failure> {
    if markdown {
        out(reference(registry).trim_end());
        return Ok(ExitStatus::Done);
    }
    let Some(kind) = kind else {
        for spec in registry.stages().iter() {
            let name = styled(CYAN, format_args!("{:<18}", spec.kind()));
            out(format_args!("{name} {}", spec.summary()));
        }
        return Ok(ExitStatus::Done);
    };
    let spec = registry.stages().get(kind).ok_or_else(|| {
        let known = registry.stages().kinds().join(", ");
        Failure::usage(format!("there is no stage `{kind}`"))
            .with_hint(format!("known stages: {known}"))
    })?;
    describe(&**spec);
    Ok(ExitStatus::Done)
}

fn describe(spec: &dyn ErasedSpec) {
    out(format_args!(
        "{} {}",
        styled(BOLD, spec.kind()),
        styled(DIM, spec.version())
    ));
    out(spec.summary());
    out(format_args!("needs: {}", facts(spec.needs())));
    out(format_args!("gives: {}", facts(spec.gives())));
    for option in options(spec) {
        let name = styled(CYAN, &option.name);
        out(format_args!(
            "\n  {name} = {}  {}",
            option.default,
            styled(DIM, &option.form)
        ));
        for line in option.description.lines() {
            out(format_args!("      {line}"));
        }
    }
}

/// The reference of all stages, in Markdown; `docs/stages.md` is this text.
pub(crate) fn reference(registry: &Registry) -> String {
    let mut text = String::from(
        "# Stages\n\nMade by `jadwal stages --markdown` from the stages themselves; a test keeps it true.\n",
    );
    for spec in registry.stages().iter() {
        let (needs, gives) = (facts(spec.needs()), facts(spec.gives()));
        // Writing to a string can't fail.
        write!(
            text,
            "\n## `{}`\n\n{}.\n\nNeeds {needs}; gives {gives}.\n",
            spec.kind(),
            spec.summary()
        )
        .unwrap_or_default();
        let options = options(&**spec);
        if !options.is_empty() {
            text.push_str("\n| option | default | what |\n|---|---|---|\n");
        }
        for option in options {
            let what = option.description.replace('\n', " ").replace('|', "\\|");
            let form = option.form.replace('|', "\\|");
            writeln!(
                text,
                "| `{}` | `{}` | {what} ({form}) |",
                option.name, option.default
            )
            .unwrap_or_default();
        }
    }
    text
}

fn facts(facts: &[Fact]) -> String {
    match facts {
        [] => "nothing".to_owned(),
        facts => facts
            .iter()
            .map(|fact| fact.name())
            .collect::<Vec<_>>()
            .join(", "),
    }
}

struct Described {
    name: String,
    default: Value,
    form: String,
    description: String,
}

fn options(spec: &dyn ErasedSpec) -> Vec<Described> {
    let schema = spec.schema();
    let defaults = spec.defaults();
    let properties = schema["properties"]
        .as_object()
        .cloned()
        .unwrap_or_default();
    properties
        .into_iter()
        .map(|(name, property)| Described {
            default: defaults.get(&name).cloned().unwrap_or(Value::Null),
            form: form(&property, &schema),
            description: property["description"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
            name,
        })
        .collect()
}

/// What values a property takes, in a few words.
fn form(property: &Value, schema: &Value) -> String {
    if let Some(target) = property["$ref"].as_str() {
        let name = target.rsplit('/').next().unwrap_or_default();
        return form(&schema["$defs"][name], schema);
    }
    if let Some(all) = property["allOf"].as_array() {
        return all
            .first()
            .map(|first| form(first, schema))
            .unwrap_or_default();
    }
    if let Some(any) = property["anyOf"].as_array() {
        let forms: Vec<_> = any.iter().map(|one| form(one, schema)).collect();
        return forms.join(" | ");
    }
    let choices: Vec<_> = property["enum"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(quoted)
        .collect();
    if !choices.is_empty() {
        return choices.join(" | ");
    }
    let variants: Vec<_> = property["oneOf"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|one| one["const"].as_str())
        .map(quoted)
        .collect();
    if !variants.is_empty() {
        return variants.join(" | ");
    }
    match &property["type"] {
        Value::String(name) if name == "array" => {
            format!("list of {}", form(&property["items"], schema))
        }
        Value::String(name) => property["description"]
            .as_str()
            .filter(|_| property.get("pattern").is_some())
            .map_or_else(
                || name.clone(),
                |what| what.trim_end_matches('.').to_lowercase(),
            ),
        _ => "any".to_owned(),
    }
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

/// Prints a JSON Schema.
pub(crate) fn schema(registry: &Registry, record: bool) -> Result<ExitStatus, Failure> {
    let schema = if record {
        jadwal_emit::record_schema()
    } else {
        jadwal_config::schema(registry.stages())
    };
    let text = serde_json::to_string_pretty(&schema)
        .map_err(|error| Failure::doing("write the schema", error))?;
    out(text);
    Ok(ExitStatus::Done)
}

/// Prints the world that components are built for.
pub(crate) fn world() -> ExitStatus {
    let world = include_str!("../../../../stages/jadwal-component/wit/stage.wit");
    out(world.trim_end());
    ExitStatus::Done
}

/// Prints the plan as a graph.
pub(crate) fn graph(
    settings: &Settings,
    registry: &Registry,
    format: GraphFormat,
) -> Result<ExitStatus, Failure> {
    let plan = settings.load(registry)?.plan;
    let mut nodes = vec![(
        "source".to_owned(),
        format!("folder {}", plan.source.path.display()),
    )];
    for stage in &plan.stages {
        let label = if stage.id == stage.kind {
            stage.id.clone()
        } else {
            format!("{} ({})", stage.id, stage.kind)
        };
        let label = match &stage.when {
            Some(when) => format!("{label} when {when}"),
            None => label,
        };
        nodes.push((stage.id.clone(), label));
    }
    nodes.push((
        "commit".to_owned(),
        format!("commit {}", plan.state.display()),
    ));
    let quarantine = plan.quarantine.display().to_string();
    out(match format {
        GraphFormat::Mermaid => mermaid(&nodes, &quarantine),
        GraphFormat::Dot => dot(&nodes, &quarantine),
    });
    Ok(ExitStatus::Done)
}

fn mermaid(nodes: &[(String, String)], quarantine: &str) -> String {
    let mut text = String::from("flowchart LR\n");
    for (index, (_, label)) in nodes.iter().enumerate() {
        let label = label.replace('"', "#quot;");
        writeln!(text, "    n{index}[\"{label}\"]").unwrap_or_default();
    }
    for index in 1..nodes.len() {
        writeln!(text, "    n{} --> n{index}", index - 1).unwrap_or_default();
    }
    let last = nodes.len() - 1;
    let quarantine = quarantine.replace('"', "#quot;");
    writeln!(text, "    n{last} -. failed .-> q[(\"{quarantine}\")]").unwrap_or_default();
    write!(text, "    n{last} -. settle .-> n0").unwrap_or_default();
    text
}

fn dot(nodes: &[(String, String)], quarantine: &str) -> String {
    let mut text = String::from("digraph jadwal {\n    rankdir=LR;\n    node [shape=box];\n");
    for (index, (_, label)) in nodes.iter().enumerate() {
        writeln!(text, "    n{index} [label={}];", dot_string(label)).unwrap_or_default();
    }
    for index in 1..nodes.len() {
        writeln!(text, "    n{} -> n{index};", index - 1).unwrap_or_default();
    }
    let last = nodes.len() - 1;
    writeln!(
        text,
        "    q [label={}, shape=cylinder];",
        dot_string(quarantine)
    )
    .unwrap_or_default();
    writeln!(text, "    n{last} -> q [style=dashed, label=failed];").unwrap_or_default();
    writeln!(text, "    n{last} -> n0 [style=dashed, label=settle];").unwrap_or_default();
    text.push('}');
    text
}

fn dot_string(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
