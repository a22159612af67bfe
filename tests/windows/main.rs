//! Journeys in real windows: the app as members are given it, and its web view.

mod display;
mod friend;
mod logind;
mod memory;
mod person;
mod picker;
mod process;
mod relay;
mod setting;
mod sqlite;
mod stock;
mod time;
mod together;
mod web_driver;
mod window;

mod backups;
mod damage;
mod demo;
mod evening;
mod first_evening;
mod help_lines;
mod keyboard;
mod leaving;
mod locked;
mod lying_relay;
mod moving_in;
mod network;
mod power_cut;
mod printing;
mod restored;
mod screens;
mod second_start;
mod session_lock;
mod uses;
