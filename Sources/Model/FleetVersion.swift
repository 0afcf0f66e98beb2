/// The version of this software, all of it: the only place where it stands, also for the packages (packaging/build).
package enum FleetVersion {
    package static let text = "0.2.0"
}
