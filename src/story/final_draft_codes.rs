//! Explanations of the codes of scripts of Final Draft. Data only.

use crate::base::{CodeExplanation, Severity};

/// The pages, in order.
pub const FINAL_DRAFT_PAGES: &[CodeExplanation] = &[
    CodeExplanation {
        code: "production::final_draft::bad_scene_number",
        severity: Severity::Warning,
        summary: "every scene number is one",
        explanation: "The numbers of scenes are letters, digits, dashes and full stops, and begin with a letter or a \
            digit: `5`, `5A`, `A2`, `1-3`. This scene has another, so it is counted as a scene without a number. \
            Number it again.",
        wrong: r#"script: script.fdx

# script.fdx
<FinalDraft DocumentType="Script"><Content>
<Paragraph Type="Scene Heading" Number="5/6"><Text>EXT. PIER - DUSK</Text></Paragraph>
<Paragraph Type="Action"><Text>Mara waits.</Text></Paragraph>
</Content></FinalDraft>
"#,
        right: r#"script: script.fdx

# script.fdx
<FinalDraft DocumentType="Script"><Content>
<Paragraph Type="Scene Heading" Number="1"><Text>EXT. PIER - DUSK</Text></Paragraph>
<Paragraph Type="Action"><Text>Mara waits.</Text></Paragraph>
</Content></FinalDraft>
"#,
    },
    CodeExplanation {
        code: "production::final_draft::dialogue_without_character",
        severity: Severity::Warning,
        summary: "every dialogue has a character above it",
        explanation: "A paragraph of dialogue belongs to the character above it. This one follows action or a \
            heading, so nobody speaks it, and it is read as action. Put a paragraph of the type Character above it, \
            or make it action.",
        wrong: r#"script: script.fdx

# script.fdx
<FinalDraft DocumentType="Script"><Content>
<Paragraph Type="Scene Heading"><Text>EXT. PIER - DUSK</Text></Paragraph>
<Paragraph Type="Dialogue"><Text>Who is there?</Text></Paragraph>
</Content></FinalDraft>
"#,
        right: r#"script: script.fdx

# script.fdx
<FinalDraft DocumentType="Script"><Content>
<Paragraph Type="Scene Heading"><Text>EXT. PIER - DUSK</Text></Paragraph>
<Paragraph Type="Character"><Text>Mara</Text></Paragraph>
<Paragraph Type="Dialogue"><Text>Who is there?</Text></Paragraph>
</Content></FinalDraft>
"#,
    },
    CodeExplanation {
        code: "production::final_draft::left_out",
        severity: Severity::Info,
        summary: "everything in the script is read",
        explanation: "The script has something that is not in the film: text that is struck out, or a picture. It is \
            counted here once. Nothing needs to be done; to be certain, delete it in the script.",
        wrong: r#"script: script.fdx

# script.fdx
<FinalDraft DocumentType="Script"><Content>
<Paragraph Type="Scene Heading"><Text>EXT. PIER - DUSK</Text></Paragraph>
<Paragraph Type="Action"><Text>Mara waits</Text><Text Style="Strikeout"> and sings</Text><Text>.</Text></Paragraph>
</Content></FinalDraft>
"#,
        right: r#"script: script.fdx

# script.fdx
<FinalDraft DocumentType="Script"><Content>
<Paragraph Type="Scene Heading"><Text>EXT. PIER - DUSK</Text></Paragraph>
<Paragraph Type="Action"><Text>Mara waits.</Text></Paragraph>
</Content></FinalDraft>
"#,
    },
    CodeExplanation {
        code: "production::final_draft::unreadable",
        severity: Severity::Error,
        summary: "the script is a whole file of Final Draft",
        explanation: "A script of Final Draft (.fdx) is XML: an element `FinalDraft` with the paragraphs in its \
            `Content`. This file is cut off, damaged, or another kind of XML. Open it in the program that wrote it, \
            and save it again, or save it as Fountain.",
        wrong: r#"script: script.fdx

# script.fdx
<FinalDraft DocumentType="Script"><Content>
<Paragraph Type="Scene Heading"><Text>EXT. PIER - DUSK</Text></Paragraph>
"#,
        right: r#"script: script.fdx

# script.fdx
<FinalDraft DocumentType="Script"><Content>
<Paragraph Type="Scene Heading"><Text>EXT. PIER - DUSK</Text></Paragraph>
<Paragraph Type="Action"><Text>Mara waits.</Text></Paragraph>
</Content></FinalDraft>
"#,
    },
];
