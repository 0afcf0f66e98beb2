# shellcheck shell=bash
# A package of the decisions alone, whose tests build in seconds; sourced, never run.

# decisions DIRECTORY: copies them, their tests and the simulation there; what has not changed keeps its time, and its build
decisions() {
    local target root
    root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
    mkdir -p "$1"
    rm -rf "$1/Sources" "$1/Tests"
    mkdir -p "$1/Sources" "$1/Tests"
    for target in Model Rollout Activation Simulation; do cp -a "$root/Sources/$target" "$1/Sources/"; done
    for target in RolloutTests ActivationTests SimulationTests Support Fixtures; do cp -a "$root/Tests/$target" "$1/Tests/"; done
    # They need nothing but Model, so neither does their build.
    cat > "$1/Package.swift" <<'MANIFEST'
// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]
let package = Package(
    name: "fleet",
    targets: [
        .target(name: "Model", swiftSettings: settings),
        .target(name: "Rollout", dependencies: ["Model"], swiftSettings: settings),
        .target(name: "Activation", dependencies: ["Model"], swiftSettings: settings),
        .target(name: "Simulation", dependencies: ["Model", "Rollout", "Activation"], swiftSettings: settings),
        .target(name: "TestSupport", path: "Tests/Support", swiftSettings: settings),
        .testTarget(name: "RolloutTests", dependencies: ["Rollout", "Model", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "ActivationTests",
            dependencies: ["Activation", "Model", "TestSupport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SimulationTests",
            dependencies: ["Simulation", "Rollout", "Activation", "Model", "TestSupport"],
            swiftSettings: settings
        ),
    ]
)
MANIFEST
}
