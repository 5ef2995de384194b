"""A Modbus TCP server by pymodbus: register 1 is 21.5, register 2 the setpoint, one decimal."""
import sys

from pymodbus.datastore import ModbusDeviceContext, ModbusSequentialDataBlock, ModbusServerContext
from pymodbus.server import StartTcpServer

# The block counts from 1, the wire from 0.
block = ModbusSequentialDataBlock(1, [0, 215, 200, 0, 0, 0, 0, 0])
context = ModbusServerContext(devices=ModbusDeviceContext(hr=block), single=True)
print("ready", flush=True)
StartTcpServer(context, address=("127.0.0.1", int(sys.argv[1])))
