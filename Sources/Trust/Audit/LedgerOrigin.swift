package import Model

/// The name of one ledger in its checkpoints: `fleet/<fleet>/<UUID>`.
package struct LedgerOrigin: Hashable, Sendable, CustomStringConvertible {
    package let fleet: FleetName
    package let ledger: LedgerID

    package init(fleet: FleetName, ledger: LedgerID) {
        self.fleet = fleet
        self.ledger = ledger
    }

    /// Reads an origin.
    ///
    /// - Throws: `TrustError` for the origin of anything but a ledger of Fleet.
    package init(parsing text: String) throws(TrustError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, parts[0] == "fleet", let fleet = FleetName(parts[1]), let ledger = LedgerID(parts[2])
        else {
            let advice = "is no ledger's origin: expected fleet/FLEET/UUID"
            throw TrustError(.checkpointInvalid, "'\(text.prefix(120))'", advice)
        }
        self.init(fleet: fleet, ledger: ledger)
    }

    package var description: String { "fleet/\(fleet)/\(ledger)" }
}
