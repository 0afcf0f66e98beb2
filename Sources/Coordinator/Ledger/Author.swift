/// Who has done something that the ledger records, and from where.
package struct Author: Hashable, Sendable {
    /// An operator, a host, or the coordinator's clock.
    package let name: String
    /// The machine.
    package let place: String

    package init(name: String, place: String) {
        self.name = name
        self.place = place
    }

    /// Reads `alice@laptop`; a name alone is that of a host, which speaks for itself.
    package init(holder: String) {
        guard let at = holder.lastIndex(of: "@") else {
            self.init(name: holder, place: holder)
            return
        }
        self.init(name: String(holder[..<at]), place: String(holder[holder.index(after: at)...]))
    }
}
