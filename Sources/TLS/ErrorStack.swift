import COpenSSL

/// What OpenSSL left in this thread's error queue.
///
/// The queue is per thread and event loops share theirs among connections, so it is emptied before every call and taken
/// right after a failed one.
struct ErrorStack {
    struct Entry {
        let reason: Int32
        let text: String
    }

    /// Oldest first: the first entry is the cause, later ones are its consequences.
    let entries: [Entry]

    var texts: [String] { entries.map(\.text) }

    func contains(_ reason: Int32) -> Bool { entries.contains { $0.reason == reason } }

    /// Removes and returns all entries of the calling thread.
    static func take() -> Self {
        var entries: [Entry] = []
        var data: UnsafePointer<CChar>?
        var flags: Int32 = 0
        while true {
            let code = ERR_get_error_all(nil, nil, nil, &data, &flags)
            guard code != 0 else { return Self(entries: entries) }
            var text = reasonText(code)
            if flags & ERR_TXT_STRING != 0, let data, data.pointee != 0 { text += ": " + String(cString: data) }
            entries.append(Entry(reason: ERR_GET_REASON(code), text: text))
        }
    }

    static func clear() { ERR_clear_error() }

    private static func reasonText(_ code: UInt) -> String {
        if let reason = ERR_reason_error_string(code) { return String(cString: reason) }
        return "error \(String(code, radix: 16))"
    }
}
