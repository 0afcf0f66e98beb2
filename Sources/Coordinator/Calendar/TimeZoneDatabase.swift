package import Model

/// The IANA time zone database of this machine: Debian's package `tzdata`.
package enum TimeZoneDatabase {
    private static let directory = "/usr/share/zoneinfo"

    /// The rules of a zone.
    ///
    /// - Throws: `configuration.invalid` for a zone that the machine does not know.
    package static func rules(of zone: TimeZoneName) throws(CoordinatorError) -> TimeZoneRules {
        guard zone != .utc else { return .utc }
        let path = "\(directory)/\(zone)"
        let bytes: [UInt8]
        do {
            bytes = try SmallFile.read(path)
        } catch {
            throw CoordinatorError(
                .configuration,
                "time zone '\(zone)' is not known here: \(error). Write a name of the IANA database, for example "
                    + "Europe/Berlin, or install the package tzdata"
            )
        }
        guard let rules = TimeZoneFile.parse(bytes) else {
            throw CoordinatorError(
                .configuration,
                "'\(path)' is no file of a time zone; write another time_zone, or install the package tzdata anew"
            )
        }
        return rules
    }
}
