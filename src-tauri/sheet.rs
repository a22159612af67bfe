//! The sheet of the 24 words, on paper.

use serde::Deserialize;
use specta::Type;
use tauri::WebviewWindow;

/// What stands on the sheet, as the screen says it.
#[derive(Clone, Deserialize, Type)]
pub(crate) struct Sheet {
    /// What it is.
    title: String,
    /// The words, in their order.
    words: Vec<String>,
    /// What it is for and how it is kept.
    notes: Vec<String>,
}

/// Opens the system's dialog and prints the sheet.
///
/// Drawn here: printing a page makes WebKitGTK's process read what it has freed. Here all that is
/// freed is overwritten, so the process would end, and take the words off the screen.
#[cfg(target_os = "linux")]
pub(crate) fn print(window: &WebviewWindow, sheet: Sheet) -> tauri::Result<()> {
    linux::print(window, sheet)
}

/// Other systems' web views print the page, which has the sheet on it.
#[cfg(not(target_os = "linux"))]
pub(crate) fn print(window: &WebviewWindow, _: Sheet) -> tauri::Result<()> {
    window.print()
}

#[cfg(target_os = "linux")]
mod linux {
    use super::Sheet;
    use gtk::pango::{AttrColor, AttrFontFeatures, AttrList, FontDescription};
    use gtk::prelude::{PrintOperationExt, WidgetExt};
    use gtk::{PrintContext, PrintOperation, PrintOperationAction, StyleContext, Unit};
    use tauri::WebviewWindow;

    const COLUMNS: usize = 3;
    /// Points, of which 72 are an inch.
    const ROW: f64 = 30.0;
    const GAP: f64 = 14.0;
    const NUMBER: f64 = 26.0;
    const SIDE: f64 = 18.0;

    pub(super) fn print(window: &WebviewWindow, sheet: Sheet) -> tauri::Result<()> {
        let window = window.gtk_window()?;
        let style = window.style_context();
        let operation = PrintOperation::new();
        // A list of print jobs tells nobody what was printed.
        operation.set_job_name("Hearthkeep");
        operation.set_n_pages(1);
        operation.set_unit(Unit::Points);
        operation.set_allow_async(true);
        operation.connect_draw_page(move |_, context, _| {
            if let Some(mut pen) = Pen::new(context, &style) {
                pen.draw(&sheet);
            }
        });
        match operation.run(PrintOperationAction::PrintDialog, Some(&window)) {
            Ok(_) => Ok(()),
            Err(_) => Err(tauri::Error::Io(std::io::Error::other("the printer"))),
        }
    }

    /// Writes from the top of the paper down.
    struct Pen<'a> {
        context: &'a PrintContext,
        style: &'a StyleContext,
        paper: gtk::cairo::Context,
        top: f64,
    }

    impl<'a> Pen<'a> {
        fn new(context: &'a PrintContext, style: &'a StyleContext) -> Option<Self> {
            let paper = context.cairo_context()?;
            Some(Self { context, style, paper, top: 0.0 })
        }

        fn draw(&mut self, sheet: &Sheet) {
            let wide = self.context.width() - 2.0 * SIDE;
            self.top += self.write(&sheet.title, "Serif 20", SIDE, wide) + 2.0 * GAP;
            let step = wide / 3.0;
            for (row, words) in sheet.words.chunks(COLUMNS).enumerate() {
                let mut left = SIDE;
                for (column, word) in words.iter().enumerate() {
                    let number = row.saturating_mul(COLUMNS).saturating_add(column);
                    let number = number.saturating_add(1).to_string();
                    self.write(&number, "Serif 9", left, NUMBER);
                    self.write(word, "Serif 14", left + NUMBER, step - NUMBER);
                    left += step;
                }
                self.top += ROW;
            }
            self.top += GAP;
            for note in &sheet.notes {
                self.top += self.write(note, "Serif 11", SIDE, wide) + GAP;
            }
        }

        /// Writes a text that begins here, and says how high it is. Texts at the same height stand
        /// on one line, however large their letters are.
        fn write(&self, text: &str, font: &str, left: f64, wide: f64) -> f64 {
            let Some(layout) = self.context.create_pango_layout() else { return 0.0 };
            layout.set_font_description(Some(&FontDescription::from_string(font)));
            layout.set_width(gtk::pango::units_from_double(wide));
            layout.set_text(text);
            let attributes = AttrList::new();
            // Black whatever the theme; and each letter for itself, so that none is misread.
            attributes.insert(AttrColor::new_foreground(0, 0, 0));
            attributes.insert(AttrFontFeatures::new("liga=0, clig=0, dlig=0"));
            layout.set_attributes(Some(&attributes));
            let base = gtk::pango::units_to_double(layout.baseline());
            gtk::render_layout(self.style, &self.paper, left, self.top + ROW / 2.0 - base, &layout);
            gtk::pango::units_to_double(layout.size().1)
        }
    }
}
