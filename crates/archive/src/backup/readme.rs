//! The page that lies beside a backup, for a person without Hearthkeep.

/// `README.txt`, in the folder and in every archive.
pub(crate) const TEXT: &str = "\
This is a backup made by Hearthkeep. It opens without Hearthkeep.
You need the program age (https://age-encryption.org) and your backup passphrase.

LINUX
  Install age with your package manager (for example: sudo apt install age), open a terminal in this folder.
  The whole folder:  age -d -i key.age hearthkeep-DATE.tar.gz.age | tar xz
  and the pictures:  for p in packs/*.age; do age -d -i key.age \"$p\" | tar x; done
  A single file:     age -d FILE | tar xz

MACOS
  Install age (for example: brew install age), open Terminal in this folder.
  The same three commands as on Linux.

WINDOWS
  Install age (winget install FiloSottile.age), open Terminal in this folder.
  The whole folder:  age -d -o words.tar.gz -i key.age hearthkeep-DATE.tar.gz.age
                     tar xzf words.tar.gz
  A single file:     age -d -o all.tar.gz FILE, then tar xzf all.tar.gz

With your 24 recovery words instead of the passphrase: age -d -o id.txt kit.age
(type the words in lower case, one space between), then use id.txt in place of key.age, and delete it.

To check that everything is as it was written: sha256sum -c --quiet MANIFEST.sha256
Your words are in entries/, as .md to read and as .json with everything. Pictures are in attachments/.
";
