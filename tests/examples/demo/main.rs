//! Fills a folder for `./dev demo`: three members with a month behind them, in one group over a relay.
//!
//! `demo FOLDER RELAY-ADDRESS TOKEN`. Everything goes through the app's own core and the real relay;
//! only the clock is moved, so that a month takes some seconds. Nobody in it exists.

mod circle;
mod journals;
mod month;

use circle::Circle;
use hearthkeep_tests::sample::{settles_in, some_weeks, with_a_vault, write_pages};
use std::path::Path;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, relay, token] = arguments.as_slice() else {
        eprintln!("demo FOLDER RELAY-ADDRESS TOKEN");
        std::process::exit(2);
    };
    let folder = Path::new(folder);
    std::fs::create_dir_all(folder).expect("a folder");
    some_weeks(&folder.join("Ada"), folder);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        for (name, pages) in [("Ben", journals::BEN), ("Noor", &[])] {
            let app = with_a_vault(&folder.join(name)).await;
            write_pages(&app, pages, folder).await;
            settles_in(&app).await;
            app.lock().await.expect("locked");
        }
        let circle = Circle::founded(folder, relay, token).await;
        for day in month::DAYS {
            circle.lives(day).await;
        }
        circle.goes_home().await;
    });
}
