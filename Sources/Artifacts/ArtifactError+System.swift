import Glibc

extension ArtifactError {
    /// A failed system call; takes `errno` where no number is given, and knows a full disk.
    package static func system(_ call: String, _ path: String?, errno number: Int32 = errno) -> Self {
        if number == ENOSPC || number == EDQUOT {
            let advice = "can't be written: no space is left on its filesystem; free some and try again"
            return Self(.diskFull, path: path, advice)
        }
        return Self(.system, path: path, "\(call): \(String(cString: strerror(number))) (errno \(number))")
    }

    package static func refused(_ path: TreePath, _ rule: EntryRule) -> Self {
        Self(.entryRefused, path: path.text, rule: rule, rule.advice)
    }
}
