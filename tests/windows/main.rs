//! Journeys in real windows: the app as members are given it, and its web view.

mod display;
mod friend;
mod memory;
mod person;
mod picker;
mod process;
mod relay;
mod stock;
mod time;
mod web_driver;
mod window;

mod backups;
mod demo;
mod evening;
mod first_evening;
mod keyboard;
mod locked;
mod moving_in;
mod power_cut;
mod restored;
mod screens;
mod uses;
